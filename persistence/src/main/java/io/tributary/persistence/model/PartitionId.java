package io.tributary.persistence.model;

import java.util.UUID;

/**
 * One partition of one topic, by the topic's id: a topic deleted and created again is another
 * partition.
 */
public record PartitionId(UUID topicId, int partition) implements Comparable<PartitionId> {
  public PartitionId {
    if (partition < 0) {
      throw new IllegalArgumentException("partition must be 0 or more, not " + partition);
    }
  }

  @Override
  public int compareTo(PartitionId other) {
    int byTopic = topicId.compareTo(other.topicId);
    return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
  }

  @Override
  public String toString() {
    return topicId + "-" + partition;
  }
}
