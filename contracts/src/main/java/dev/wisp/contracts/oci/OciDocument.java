package dev.wisp.contracts.oci;

/** What a registry has under a tag or digest: an image for one platform, or an index of several. */
public sealed interface OciDocument permits ImageManifest, ImageIndex {}
