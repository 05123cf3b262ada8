package io.tributary.actors.partition;

/** What a shard says to a {@link PartitionRequest.DeleteRecords}. */
public sealed interface DeleteRecordsAnswer {
  /** Durable; the log start may already have been further. */
  record Moved(long logStartOffset) implements DeleteRecordsAnswer {}

  record OutOfRange(long highWatermark) implements DeleteRecordsAnswer {}

  /** The partition's topic was deleted. */
  record UnknownPartition() implements DeleteRecordsAnswer {}
}
