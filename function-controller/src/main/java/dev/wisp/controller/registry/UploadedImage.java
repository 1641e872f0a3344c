package dev.wisp.controller.registry;

import dev.wisp.contracts.oci.ImageManifest;

/** An image found in an upload; {@code document} is its manifest's bytes, which its digest is of. */
@SuppressWarnings("ArrayRecordComponent") // Two are never compared; what their bytes are is in their digest.
record UploadedImage(byte[] document, ImageManifest manifest) {}
