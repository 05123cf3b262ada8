/** Partition shards driven by hand: loops, commits and crashes are the test's. */
@NullMarked
package io.tributary.actors.partition;

import org.jspecify.annotations.NullMarked;
