/** Least numbers of instances that come and go with the time of day: values and pure functions. */
@NullMarked
package dev.wisp.autoscaler.schedule;

import org.jspecify.annotations.NullMarked;
