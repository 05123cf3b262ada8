package io.tributary.actors.partition.model;

import io.tributary.persistence.model.BatchException;
import io.tributary.persistence.model.BatchException.Duplicate;
import io.tributary.persistence.model.BatchException.Refused;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.ProducerState;
import io.tributary.persistence.model.ProducerState.AppendedBatch;
import io.tributary.persistence.model.Refusal;
import io.tributary.persistence.model.SliceDecision.Sequenced;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which batches enter one partition's log, and at which offsets. Offsets are dense; an
 * idempotent producer's batches enter once, in the order of their sequences. Pure: the caller
 * passes the time.
 *
 * <p>Like Kafka's ProducerStateManager, but for one rule: with no state for (producer, epoch) only
 * sequence 0 may begin. Batches of one producer may come over two nodes, so a later one can arrive
 * first, and what began in the middle could never be put right.
 *
 * <p>Deciding changes the state ahead of the commit: later batches are decided on top. {@link
 * #replay} makes the same changes from decisions that are durable.
 */
public final class PartitionMachine {
  /** Sequences wrap after {@link Integer#MAX_VALUE}; a distance below this is one backwards. */
  private static final int SEQUENCES_HALF = 1 << 30;

  private final ProducerLimits limits;

  /** By producer id, least recently used first. */
  private final LinkedHashMap<Long, ProducerState> producers = new LinkedHashMap<>();

  private long nextOffset;

  /** An empty partition. */
  public PartitionMachine(ProducerLimits limits) {
    this.limits = limits;
  }

  public PartitionMachine(ProducerLimits limits, State state) {
    this.limits = limits;
    this.nextOffset = state.nextOffset();
    state.producers().forEach(producer -> producers.put(producer.producerId(), producer));
  }

  /**
   * All that a machine remembers.
   *
   * @param nextOffset the offset the next record takes
   * @param producers least recently used first
   */
  public record State(long nextOffset, List<ProducerState> producers) {
    public State {
      producers = List.copyOf(producers);
    }
  }

  public State state() {
    return new State(nextOffset, List.copyOf(producers.values()));
  }

  /** Decides on a slice's batches, in order. */
  public Sequenced decide(List<BatchFacts> batches, long nowMs) {
    long baseOffset = nextOffset;
    List<BatchException> exceptions = new ArrayList<>(0);
    for (int i = 0; i < batches.size(); i++) {
      BatchFacts batch = batches.get(i);
      Optional<BatchException> exception =
          batch.isIdempotent() ? exception(i, batch, nowMs) : Optional.empty();
      exception.ifPresentOrElse(exceptions::add, () -> append(batch, nowMs));
    }
    return new Sequenced(baseOffset, exceptions);
  }

  /**
   * Makes the changes of an earlier decision.
   *
   * @throws IllegalStateException when the decision does not follow the last one
   */
  public void replay(List<BatchFacts> batches, Sequenced decision, long decidedAtMs) {
    if (decision.baseOffset() != nextOffset) {
      throw new IllegalStateException(
          "decided at offset " + decision.baseOffset() + ", but the next is " + nextOffset);
    }
    int next = 0;
    for (int i = 0; i < batches.size(); i++) {
      if (next < decision.exceptions().size() && decision.exceptions().get(next).batch() == i) {
        next++;
      } else {
        append(batches.get(i), decidedAtMs);
      }
    }
  }

  private Optional<BatchException> exception(int index, BatchFacts batch, long nowMs) {
    ProducerState known = producers.get(batch.producerId());
    if (known == null || isExpired(known, nowMs) || batch.producerEpoch() > known.producerEpoch()) {
      return batch.baseSequence() == 0
          ? Optional.empty()
          : Optional.of(new Refused(index, Refusal.OUT_OF_ORDER_SEQUENCE));
    }
    if (batch.producerEpoch() < known.producerEpoch()) {
      return Optional.of(new Refused(index, Refusal.INVALID_PRODUCER_EPOCH));
    }
    for (AppendedBatch appended : known.batches()) {
      if (appended.baseSequence() == batch.baseSequence()
          && appended.lastSequence() == batch.lastSequence()) {
        return Optional.of(new Duplicate(index, appended.baseOffset()));
      }
    }
    if (batch.baseSequence() == after(known.lastSequence())) {
      return Optional.empty();
    }
    return Optional.of(
        new Refused(
            index,
            isBehind(batch, known.lastSequence())
                ? Refusal.DUPLICATE_SEQUENCE
                : Refusal.OUT_OF_ORDER_SEQUENCE));
  }

  private void append(BatchFacts batch, long nowMs) {
    if (batch.isIdempotent()) {
      forgetExpired(nowMs);
      AppendedBatch appended =
          new AppendedBatch(batch.baseSequence(), batch.lastSequence(), nextOffset);
      ProducerState state =
          new ProducerState(
              batch.producerId(),
              batch.producerEpoch(),
              nowMs,
              remembered(producers.get(batch.producerId()), batch, appended));
      producers.putLast(batch.producerId(), state);
      if (producers.size() > limits.producersMax()) {
        producers.pollFirstEntry();
      }
    }
    nextOffset += batch.records();
  }

  private static List<AppendedBatch> remembered(
      @Nullable ProducerState known, BatchFacts batch, AppendedBatch appended) {
    boolean goesOn =
        known != null
            && known.producerEpoch() == batch.producerEpoch()
            && batch.baseSequence() == after(known.lastSequence());
    if (known == null || !goesOn) {
      return List.of(appended);
    }
    int kept = Math.min(known.batches().size(), ProducerState.BATCHES_MAX - 1);
    List<AppendedBatch> batches = new ArrayList<>(kept + 1);
    batches.addAll(known.batches().subList(known.batches().size() - kept, known.batches().size()));
    batches.add(appended);
    return batches;
  }

  /** The one used least recently has also been silent for longest. */
  private void forgetExpired(long nowMs) {
    while (!producers.isEmpty() && isExpired(producers.firstEntry().getValue(), nowMs)) {
      producers.pollFirstEntry();
    }
  }

  private boolean isExpired(ProducerState producer, long nowMs) {
    return nowMs - producer.lastAppendMs() >= limits.expirationMs();
  }

  private static int after(int sequence) {
    return sequence == Integer.MAX_VALUE ? 0 : sequence + 1;
  }

  /** Whether the whole batch lies at or before {@code sequence}. */
  private static boolean isBehind(BatchFacts batch, int sequence) {
    return distance(batch.baseSequence(), sequence) < SEQUENCES_HALF
        && distance(batch.lastSequence(), sequence) < SEQUENCES_HALF;
  }

  private static int distance(int from, int to) {
    return (to - from) & Integer.MAX_VALUE;
  }
}
