package io.tributary.actors.partition;

import io.tributary.actors.partition.model.PartitionMachine;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PartitionEvent.TopicDeleted;
import io.tributary.persistence.model.PartitionShardCheckpoint.Cursor;
import java.util.List;

/** A shard's whole state at one point between two journal records, still to be written. */
record ShardCapture(List<Cursor> cursors, List<TopicDeleted> deletedTopics, List<Part> partitions) {

  /**
   * One partition.
   *
   * @param paged runs that still matter
   * @param entries those that are in no page yet
   */
  record Part(
      OwnedPartition partition,
      long logStartOffset,
      PartitionMachine.State machine,
      List<IndexRun> paged,
      List<IndexEntry> entries) {}
}
