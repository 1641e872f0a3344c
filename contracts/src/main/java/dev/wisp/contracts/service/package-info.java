/** Which of the five services a process runs. */
@NullMarked
package dev.wisp.contracts.service;

import org.jspecify.annotations.NullMarked;
