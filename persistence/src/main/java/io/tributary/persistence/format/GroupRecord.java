package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One record of a group shard. Key and value are as Apache Kafka writes them to {@code
 * __consumer_offsets}.
 *
 * @param value null: a tombstone, the key is no more
 */
public record GroupRecord(Bytes key, @Nullable Bytes value) {}
