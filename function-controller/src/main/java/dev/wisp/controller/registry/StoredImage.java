package dev.wisp.controller.registry;

/**
 * An image that was uploaded.
 *
 * @param reference what a service names it by: {@code wisp.local/NAME:TAG}
 * @param digest of its manifest
 * @param layers how many
 * @param bytes of all layers as they are transferred
 */
public record StoredImage(String reference, String digest, int layers, long bytes) {}
