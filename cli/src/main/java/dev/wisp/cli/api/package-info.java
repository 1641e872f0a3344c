/** Talks JSON with the platform's API and turns its problem documents into failures. */
@NullMarked
package dev.wisp.cli.api;

import org.jspecify.annotations.NullMarked;
