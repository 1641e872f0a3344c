/** Images: uploaded ones kept and served by the distribution API, and references of any registry resolved to digests. */
@NullMarked
package dev.wisp.controller.registry;

import org.jspecify.annotations.NullMarked;
