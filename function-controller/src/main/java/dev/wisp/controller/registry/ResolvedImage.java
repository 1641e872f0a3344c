package dev.wisp.controller.registry;

import dev.wisp.contracts.revision.ImageRef;

/**
 * An image reference pinned to what it means now.
 *
 * @param imageRef what nodes pull
 * @param config what the image says about its process
 * @param layers how many
 * @param bytes of all layers as they are transferred
 */
public record ResolvedImage(ImageRef imageRef, ImageConfig config, int layers, long bytes) {}
