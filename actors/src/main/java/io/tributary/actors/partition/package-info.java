/** Partition shards: the partition machine, its actor, and the shard that decides on appends. */
@NullMarked
package io.tributary.actors.partition;

import org.jspecify.annotations.NullMarked;
