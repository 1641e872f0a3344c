/** What workloads print: kept per revision within bounds, also after their instances are gone, and followed live. */
@NullMarked
package dev.wisp.node.log;

import org.jspecify.annotations.NullMarked;
