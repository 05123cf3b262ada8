package io.tributary.actors.shard;

/**
 * What tells one kind of shard from another.
 *
 * @param <Q> requests
 * @param <A> answers
 */
public record ShardDefinition<Q, A>(
    ShardLogicFactory<Q, A> factory, CheckpointSettings checkpoints) {}
