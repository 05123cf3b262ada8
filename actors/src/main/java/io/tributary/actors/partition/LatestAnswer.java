package io.tributary.actors.partition;

/** What a shard says to a {@link PartitionRequest.Latest}. */
public sealed interface LatestAnswer {
  /** Both 0 for a partition that was never written. */
  record Watermarks(long logStartOffset, long highWatermark) implements LatestAnswer {}

  /** The partition's topic was deleted. */
  record UnknownPartition() implements LatestAnswer {}
}
