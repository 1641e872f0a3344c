package dev.wisp.contracts.revision;

/**
 * An image as a revision pins it.
 *
 * @param reference what the user wrote, for people to read
 * @param repository where to pull from: {@code host[:port]/path}, without tag or digest
 * @param digest digest of the image manifest for this platform, {@code sha256:<64 hex>}: what is pulled
 * @param insecure whether the registry is reached by plain HTTP (loopback registries are)
 */
public record ImageRef(String reference, String repository, String digest, boolean insecure) {}
