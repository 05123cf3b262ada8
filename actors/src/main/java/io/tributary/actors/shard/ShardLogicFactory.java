package io.tributary.actors.shard;

/**
 * Builds the logic of one shard, once for each acquisition.
 *
 * @param <Q> requests
 * @param <A> answers
 */
@FunctionalInterface
public interface ShardLogicFactory<Q, A> {
  /** Called on the shard's loop; must not block. */
  ShardLogic<Q, A> create(ShardContext context);
}
