/** Inside the package whose decisions a simulated node runs. */
@NullMarked
package dev.wisp.node.instance;

import org.jspecify.annotations.NullMarked;
