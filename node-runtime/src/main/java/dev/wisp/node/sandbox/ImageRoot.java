package dev.wisp.node.sandbox;

import java.util.List;

/**
 * What the root of a sandbox is made from; sandboxes of one revision have one and the same.
 *
 * @param layers paths below the layers folder, topmost first
 * @param writableBytes size of the writable layer
 */
record ImageRoot(List<String> layers, long writableBytes) {

    ImageRoot {
        layers = List.copyOf(layers);
    }
}
