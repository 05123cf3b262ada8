/**
 * Owning a shard: acquire, recover, serve, journal, checkpoint, let go; the same for every kind of
 * shard.
 */
@NullMarked
package io.tributary.actors.shard;

import org.jspecify.annotations.NullMarked;
