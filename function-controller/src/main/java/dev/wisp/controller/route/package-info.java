/** Which revision answers for a service's host, and which ones nodes keep ready. */
@NullMarked
package dev.wisp.controller.route;

import org.jspecify.annotations.NullMarked;
