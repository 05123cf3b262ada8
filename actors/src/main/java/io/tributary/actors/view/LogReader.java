package io.tributary.actors.view;

import io.tributary.persistence.model.PartitionId;
import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * The front door of the read path. May be called from any thread; stages of reads that memory can
 * answer are complete when returned, others complete on a thread that must not be blocked.
 */
public interface LogReader {
  /**
   * Whole batches from the one that holds {@code offset} on, in offset order, all below the high
   * watermark. The first may begin before {@code offset}, as Kafka's does. Fewer than {@code
   * bytesMax} bytes may come when more would have to be fetched first.
   *
   * @param bytesMax what the batches may take together
   * @param atLeastOneBatch whether the first batch is given even when it is larger than {@code
   *     bytesMax}
   * @return never fails
   */
  CompletionStage<ReadOutcome> read(
      PartitionId partition, long offset, int bytesMax, boolean atLeastOneBatch);

  /**
   * About how many bytes stand from {@code offset} to the high watermark, counted no further than
   * {@code enoughBytes}; from memory, without reading records. 0 when this node does not know.
   */
  int readableBytes(PartitionId partition, long offset, int enoughBytes);

  /** The offset that {@code query} asks for. Never fails. */
  CompletionStage<OffsetOutcome> offset(PartitionId partition, OffsetQuery query);

  /**
   * Runs {@code wake} after each change of one of {@code partitions} (a commit, a new log start, an
   * index that could not be trusted any more), until closed. {@code wake} must be quick and may
   * come more often than something changed.
   */
  Registration onChange(Collection<PartitionId> partitions, Runnable wake);

  /** A wait for changes. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
