package io.tributary.persistence.model;

import io.tributary.persistence.model.PartitionEvent.Appended;
import io.tributary.persistence.model.PartitionEvent.TopicDeleted;
import java.util.List;

/** The whole state of a partition shard: the root of a checkpoint. */
public record PartitionShardCheckpoint(
    List<Cursor> cursors, List<TopicDeleted> deletedTopics, List<PartitionCheckpoint> partitions) {
  public PartitionShardCheckpoint {
    cursors = List.copyOf(cursors);
    deletedTopics = List.copyOf(deletedTopics);
    partitions = List.copyOf(partitions);
  }

  /**
   * How far one incarnation's flushes were decided.
   *
   * @param lastFlush the last one decided that touches this shard
   * @param results the last decisions, oldest first: what a repeated request is answered with
   */
  public record Cursor(long incarnation, long lastFlush, List<Appended> results) {
    public Cursor {
      results = List.copyOf(results);
    }
  }
}
