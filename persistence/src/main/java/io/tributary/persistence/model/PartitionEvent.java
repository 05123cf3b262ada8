package io.tributary.persistence.model;

import java.util.List;
import java.util.UUID;

/** A durable fact of one partition shard: one record of its journal. */
public sealed interface PartitionEvent {
  /**
   * One intake object was decided on.
   *
   * @param flush the object; its footer has the facts
   * @param decidedAtMs the owner's wall clock: the time from which producer state ages
   * @param slices in the footer's order, those of this shard's partitions only
   */
  record Appended(FlushId flush, long decidedAtMs, List<SliceDecision> slices)
      implements PartitionEvent {
    public Appended {
      slices = List.copyOf(slices);
    }
  }

  /** Offsets below {@code logStartOffset} cannot be read any more. */
  record LogStartMoved(PartitionId partition, long logStartOffset) implements PartitionEvent {}

  /** All partitions of the topic are gone, and what comes for them is refused. */
  record TopicDeleted(UUID topicId, long deletedAtMs) implements PartitionEvent {}
}
