package io.tributary.actors.intake;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.PartitionId;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A copied batch between its append and the sealing of its object; a link of {@link Arrivals}. */
final class ArrivedBatch {
  final PartitionId partition;
  final Bytes bytes;
  final BatchFacts facts;
  final long arrivedAtNanos;
  final CompletableFuture<AppendOutcome> outcome = new CompletableFuture<>();

  /** The batch that arrived before this one, as long as both wait in {@link Arrivals}. */
  @Nullable ArrivedBatch earlier;

  /** Of this batch and the earlier ones that wait with it. */
  long waitingBytes;

  ArrivedBatch(PartitionId partition, Bytes bytes, BatchFacts facts, long arrivedAtNanos) {
    this.partition = partition;
    this.bytes = bytes;
    this.facts = facts;
    this.arrivedAtNanos = arrivedAtNanos;
  }
}
