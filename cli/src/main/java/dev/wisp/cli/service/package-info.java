/** Commands that create, change, show and delete services. */
@NullMarked
package dev.wisp.cli.service;

import org.jspecify.annotations.NullMarked;
