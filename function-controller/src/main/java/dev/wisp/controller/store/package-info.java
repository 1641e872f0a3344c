/** The truth of the control plane: services, revisions and the outbox, in Postgres. */
@NullMarked
package dev.wisp.controller.store;

import org.jspecify.annotations.NullMarked;
