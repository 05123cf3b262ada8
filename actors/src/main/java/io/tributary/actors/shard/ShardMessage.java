package io.tributary.actors.shard;

/**
 * What a shard's actor is sent inside one node. Requests from other nodes become {@link Ask}s where
 * they arrive, so none of this ever goes over a wire.
 */
sealed interface ShardMessage {
  /** A turn of the shard's loop. */
  record Run(Runnable task) implements ShardMessage {}

  record Ask(ShardRequest<?> request, LocalReply<?> reply) implements ShardMessage {}

  /** Starts the shard if it does not run; nothing otherwise. */
  record Ping() implements ShardMessage {}

  /** A task of a part of the shard threw. */
  record Broke(Throwable failure) implements ShardMessage {}

  /** Let the shard go, then stop. */
  record Release() implements ShardMessage {}

  record Released() implements ShardMessage {}
}
