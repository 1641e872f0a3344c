/** Stand-ins for what lies below the instances: sandboxes that are loopback servers, images that are always there. */
@NullMarked
package dev.wisp.node.fake;

import org.jspecify.annotations.NullMarked;
