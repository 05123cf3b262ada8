/**
 * Single-threaded event loops with injected time: what everything event-driven in this module runs
 * on.
 */
@NullMarked
package io.tributary.actors.loop;

import org.jspecify.annotations.NullMarked;
