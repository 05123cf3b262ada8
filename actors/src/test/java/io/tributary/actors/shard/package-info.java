/** Owning a shard, under lost answers, races, pauses and crashes. */
@NullMarked
package io.tributary.actors.shard;

import org.jspecify.annotations.NullMarked;
