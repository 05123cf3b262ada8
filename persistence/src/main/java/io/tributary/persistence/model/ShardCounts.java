package io.tributary.persistence.model;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * How many shards of each kind a cluster has: fixed when it is created, for the placement of every
 * id hangs on it.
 */
public record ShardCounts(int partitions, int groups, int transactions) {
  public static final ShardCounts DEFAULT = new ShardCounts(64, 32, 32);

  public int of(ShardKind kind) {
    return switch (kind) {
      case PARTITIONS -> partitions;
      case GROUPS -> groups;
      case TRANSACTIONS -> transactions;
    };
  }

  /**
   * The shard that owns {@code partition}. The hash is part of the format: it must never change.
   */
  public ShardId shardOf(PartitionId partition) {
    long hash =
        partition.topicId().getMostSignificantBits()
            ^ partition.topicId().getLeastSignificantBits();
    hash = mix(hash + partition.partition() * 0x9E3779B97F4A7C15L);
    return new ShardId(ShardKind.PARTITIONS, (int) Long.remainderUnsigned(hash, partitions));
  }

  /** The shard of a group id or a transactional id. */
  public ShardId shardOf(ShardKind kind, String id) {
    CRC32C crc = new CRC32C();
    crc.update(id.getBytes(StandardCharsets.UTF_8));
    return new ShardId(kind, (int) Long.remainderUnsigned(mix(crc.getValue()), of(kind)));
  }

  /** The finalizer of splitmix64. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
