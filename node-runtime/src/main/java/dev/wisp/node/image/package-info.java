/** Images on this node: pulled by digest, unpacked once a layer, shared by every sandbox. */
@NullMarked
package dev.wisp.node.image;

import org.jspecify.annotations.NullMarked;
