/** The data plane's front: it holds, routes and hands on what callers send. */
@NullMarked
package dev.wisp.gateway;

import org.jspecify.annotations.NullMarked;
