package dev.wisp.node.sandbox;

import java.util.List;

/**
 * What the root of a sandbox is made from; sandboxes of one revision have one and the same.
 *
 * @param layers paths below the layers folder, topmost first
 */
record ImageRoot(List<String> layers, WriteBounds bounds) {

    ImageRoot {
        layers = List.copyOf(layers);
    }
}
