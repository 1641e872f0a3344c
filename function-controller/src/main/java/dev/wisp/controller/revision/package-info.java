/** Makes revisions from services and images, and follows how nodes get on with them. */
@NullMarked
package dev.wisp.controller.revision;

import org.jspecify.annotations.NullMarked;
