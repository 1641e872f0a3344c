/** The record of one invocation, the unit of metering and billing. */
@NullMarked
package dev.wisp.contracts.invocation;

import org.jspecify.annotations.NullMarked;
