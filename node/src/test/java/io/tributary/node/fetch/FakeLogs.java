package io.tributary.node.fetch;

import io.tributary.actors.view.BatchBuffers;
import io.tributary.actors.view.LogReader;
import io.tributary.actors.view.OffsetOutcome;
import io.tributary.actors.view.OffsetQuery;
import io.tributary.actors.view.ReadOutcome;
import io.tributary.persistence.model.PartitionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Logs whose batches have one record and {@value #BATCH_BYTES} bytes each. */
final class FakeLogs implements LogReader {
  static final int BATCH_BYTES = 100;

  private final Map<PartitionId, Long> ends = new ConcurrentHashMap<>();
  private final Set<PartitionId> unavailable = ConcurrentHashMap.newKeySet();
  private final Map<PartitionId, CompletableFuture<Void>> cold = new ConcurrentHashMap<>();
  private final Set<Runnable> wakes = ConcurrentHashMap.newKeySet();

  void append(PartitionId partition, int batches) {
    ends.merge(partition, (long) batches, Long::sum);
    wakes.forEach(Runnable::run);
  }

  void setUnavailable(PartitionId partition) {
    unavailable.add(partition);
  }

  /** Bytes of this partition come only when the returned stage is completed. */
  CompletableFuture<Void> setCold(PartitionId partition) {
    CompletableFuture<Void> arrives = new CompletableFuture<>();
    cold.put(partition, arrives);
    return arrives;
  }

  int waiting() {
    return wakes.size();
  }

  @Override
  public CompletionStage<ReadOutcome> read(
      PartitionId partition, long offset, int bytesMax, boolean atLeastOneBatch) {
    ReadOutcome outcome = outcome(partition, offset, bytesMax, atLeastOneBatch);
    CompletableFuture<Void> arrives = cold.get(partition);
    return arrives == null || bytesMax == 0
        ? CompletableFuture.completedFuture(outcome)
        : arrives.thenApply(_ -> outcome);
  }

  private ReadOutcome outcome(
      PartitionId partition, long offset, int bytesMax, boolean atLeastOneBatch) {
    long end = ends.getOrDefault(partition, 0L);
    if (unavailable.contains(partition)) {
      return new ReadOutcome.Unavailable();
    }
    if (offset < 0 || offset > end) {
      return new ReadOutcome.OutOfRange(0, end);
    }
    List<ByteBuffer> buffers = new ArrayList<>();
    for (long next = offset; next < end; next++) {
      buffers.add(ByteBuffer.allocate(BatchBuffers.PATCHED_BYTES));
      buffers.add(ByteBuffer.allocate(BATCH_BYTES - BatchBuffers.PATCHED_BYTES));
    }
    BatchBuffers all = new BatchBuffers(buffers, buffers.size() / 2 * BATCH_BYTES);
    return new ReadOutcome.Read(all.first(bytesMax, atLeastOneBatch), end, 0);
  }

  @Override
  public int readableBytes(PartitionId partition, long offset, int enoughBytes) {
    long readable = (ends.getOrDefault(partition, 0L) - offset) * BATCH_BYTES;
    return (int) Math.clamp(readable, 0, enoughBytes);
  }

  @Override
  public CompletionStage<OffsetOutcome> offset(PartitionId partition, OffsetQuery query) {
    long end = ends.getOrDefault(partition, 0L);
    OffsetOutcome outcome =
        switch (query) {
          case OffsetQuery.Earliest() -> new OffsetOutcome.Found(0, OffsetOutcome.NO_TIMESTAMP);
          case OffsetQuery.Latest() -> new OffsetOutcome.Found(end, OffsetOutcome.NO_TIMESTAMP);
          case OffsetQuery.AtTimestamp(long timestampMs) ->
              timestampMs < end
                  ? new OffsetOutcome.Found(timestampMs, timestampMs)
                  : new OffsetOutcome.None();
          case OffsetQuery.MaxTimestamp() -> new OffsetOutcome.Found(end - 1, end - 1);
        };
    return CompletableFuture.completedFuture(
        unavailable.contains(partition) ? new OffsetOutcome.Unavailable() : outcome);
  }

  @Override
  public Registration onChange(Collection<PartitionId> partitions, Runnable wake) {
    wakes.add(wake);
    return () -> wakes.remove(wake);
  }
}
