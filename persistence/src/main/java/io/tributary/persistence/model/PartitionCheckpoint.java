package io.tributary.persistence.model;

import java.util.List;

/**
 * One partition in a checkpoint.
 *
 * @param nextOffset the offset the next record takes
 * @param producers least recently used first
 * @param index all entries of the partition, in offset order
 */
public record PartitionCheckpoint(
    PartitionId partition,
    long logStartOffset,
    long nextOffset,
    List<ProducerState> producers,
    List<IndexRun> index) {
  public PartitionCheckpoint {
    producers = List.copyOf(producers);
    index = List.copyOf(index);
  }
}
