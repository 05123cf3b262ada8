package io.tributary.actors.shard;

import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.objects.ObjectStore;
import java.util.random.RandomGenerator;

/**
 * What all shards of a node share.
 *
 * @param incarnation of the node
 * @param random used on many threads at once (as {@link java.util.Random} and {@link
 *     java.security.SecureRandom} allow)
 */
public record ShardServices(
    MetadataStore metadata,
    ObjectStore objects,
    FencedWriter writer,
    Heartbeats heartbeats,
    ServingRight right,
    long incarnation,
    RandomGenerator random) {}
