package io.tributary.actors.shard;

/**
 * A request to a shard; each kind of shard has its own sealed family.
 *
 * @param <A> its answer
 */
public interface ShardRequest<A> {}
