package io.tributary.actors.partition.model;

import static io.tributary.actors.partition.Batches.of;
import static io.tributary.actors.partition.Batches.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.persistence.model.BatchException;
import io.tributary.persistence.model.BatchException.Duplicate;
import io.tributary.persistence.model.BatchException.Refused;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.ProducerState;
import io.tributary.persistence.model.Refusal;
import io.tributary.persistence.model.SliceDecision.Sequenced;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PartitionMachineTest {
  private static final long NOW = 1_000_000;
  private static final ProducerLimits LIMITS = new ProducerLimits(10_000, 3);

  private final PartitionMachine machine = new PartitionMachine(LIMITS);

  @Test
  void batchesWithoutProducerAreAlwaysAppended() {
    assertThat(machine.decide(List.of(plain(3), plain(4)), NOW))
        .isEqualTo(new Sequenced(0, List.of()));
    assertThat(machine.decide(List.of(plain(1)), NOW)).isEqualTo(new Sequenced(7, List.of()));
  }

  @Test
  void aRepeatedBatchIsAnsweredWithItsFirstOffset() {
    decide(plain(5));
    decide(of(9, 0, 0, 2));

    assertThat(decide(of(9, 0, 0, 2))).isEqualTo(new Duplicate(0, 5));
    assertThat(machine.state().nextOffset()).isEqualTo(7);
  }

  @Test
  void aBatchRepeatedInsideItsOwnSliceIsADuplicateToo() {
    assertThat(machine.decide(List.of(of(9, 0, 0, 2), of(9, 0, 0, 2), of(9, 0, 2, 1)), NOW))
        .isEqualTo(new Sequenced(0, List.of(new Duplicate(1, 0))));
  }

  @Test
  void theLastFiveBatchesAreRememberedAndOlderOnesAreKnownToBeBehind() {
    for (int i = 0; i < 6; i++) {
      decide(of(9, 0, i, 1));
    }

    assertThat(decide(of(9, 0, 1, 1))).isEqualTo(new Duplicate(0, 1));
    assertThat(decide(of(9, 0, 0, 1))).isEqualTo(refused(Refusal.DUPLICATE_SEQUENCE));
  }

  @Test
  void aGapIsOutOfOrder() {
    decide(of(9, 0, 0, 2));

    assertThat(decide(of(9, 0, 3, 1))).isEqualTo(refused(Refusal.OUT_OF_ORDER_SEQUENCE));
    assertThat(decide(of(9, 0, 2, 1))).isNull();
  }

  @Test
  void anUnknownProducerMustBeginAtZero() {
    assertThat(decide(of(9, 0, 3, 1))).isEqualTo(refused(Refusal.OUT_OF_ORDER_SEQUENCE));
    assertThat(decide(of(9, 0, 0, 1))).isNull();
  }

  @Test
  void aNewEpochMustBeginAtZeroAndEndsTheOldOne() {
    decide(of(9, 0, 0, 2));

    assertThat(decide(of(9, 1, 2, 1))).isEqualTo(refused(Refusal.OUT_OF_ORDER_SEQUENCE));
    assertThat(decide(of(9, 1, 0, 1))).isNull();
    assertThat(decide(of(9, 0, 2, 1))).isEqualTo(refused(Refusal.INVALID_PRODUCER_EPOCH));
    assertThat(decide(of(9, 1, 1, 1))).isNull();
  }

  @Test
  void sequencesWrapToZero() {
    PartitionMachine wrapping =
        new PartitionMachine(
            LIMITS,
            new PartitionMachine.State(
                10,
                List.of(
                    new ProducerState(
                        9,
                        (short) 0,
                        NOW,
                        List.of(
                            new ProducerState.AppendedBatch(
                                Integer.MAX_VALUE - 3, Integer.MAX_VALUE - 2, 8))))));

    assertThat(wrapping.decide(List.of(of(9, 0, Integer.MAX_VALUE - 1, 4)), NOW))
        .isEqualTo(new Sequenced(10, List.of()));
    assertThat(wrapping.decide(List.of(of(9, 0, 2, 1)), NOW))
        .isEqualTo(new Sequenced(14, List.of()));
    assertThat(wrapping.decide(List.of(of(9, 0, Integer.MAX_VALUE - 1, 4)), NOW))
        .isEqualTo(new Sequenced(15, List.of(new Duplicate(0, 10))));
  }

  @Test
  void aProducerThatIsSilentForTooLongIsForgotten() {
    decide(of(9, 0, 0, 2));
    long later = NOW + LIMITS.expirationMs();

    assertThat(machine.decide(List.of(of(9, 0, 2, 1)), later - 1).exceptions()).isEmpty();
    assertThat(machine.decide(List.of(of(9, 0, 3, 1)), later - 1 + LIMITS.expirationMs()))
        .isEqualTo(new Sequenced(3, List.of(refused(Refusal.OUT_OF_ORDER_SEQUENCE))));
  }

  @Test
  void pastTheBoundTheLeastRecentlyUsedProducerIsForgotten() {
    decide(of(1, 0, 0, 1));
    decide(of(2, 0, 0, 1));
    decide(of(3, 0, 0, 1));
    decide(of(1, 0, 1, 1));
    decide(of(4, 0, 0, 1));

    assertThat(machine.state().producers())
        .extracting(ProducerState::producerId)
        .containsExactly(3L, 1L, 4L);
  }

  @Test
  void aDecisionThatDoesNotFollowIsNotReplayed() {
    assertThatThrownBy(() -> machine.replay(List.of(plain(1)), new Sequenced(4, List.of()), NOW))
        .isInstanceOf(IllegalStateException.class);
  }

  /** Three producers, two epochs, sequences near to what is expected. */
  @Provide
  Arbitrary<List<List<BatchFacts>>> slices() {
    Arbitrary<BatchFacts> batch =
        Combinators.combine(
                Arbitraries.longs().between(1, 4),
                Arbitraries.integers().between(0, 1),
                Arbitraries.integers().between(0, 6),
                Arbitraries.integers().between(1, 2),
                Arbitraries.integers().between(0, 4))
            .as(
                (producer, epoch, sequence, records, kind) ->
                    kind == 0 ? plain(records) : of(producer, epoch, sequence, records));
    return batch.list().ofMinSize(1).ofMaxSize(5).list().ofMaxSize(30);
  }

  @Property
  void replayedDecisionsGiveTheStateThatDecided(@ForAll("slices") List<List<BatchFacts>> slices) {
    PartitionMachine live = new PartitionMachine(LIMITS);
    PartitionMachine replayed = new PartitionMachine(LIMITS);
    long nowMs = NOW;
    for (List<BatchFacts> slice : slices) {
      nowMs += 700;
      replayed.replay(slice, live.decide(slice, nowMs), nowMs);
      assertThat(replayed.state()).isEqualTo(live.state());
      assertThat(new PartitionMachine(LIMITS, live.state()).state()).isEqualTo(live.state());
    }
  }

  /** Without expiry and eviction, whose forgetting is wanted. */
  @Property
  void aProducersBatchesStandInOrderWithoutGapAndOnce(
      @ForAll("slices") List<List<BatchFacts>> slices) {
    PartitionMachine kept = new PartitionMachine(new ProducerLimits(Long.MAX_VALUE, 100));
    List<BatchFacts> log = new ArrayList<>();
    for (List<BatchFacts> slice : slices) {
      Sequenced decision = kept.decide(slice, NOW);
      List<Integer> excepted = decision.exceptions().stream().map(BatchException::batch).toList();
      for (int i = 0; i < slice.size(); i++) {
        if (!excepted.contains(i) && slice.get(i).isIdempotent()) {
          log.add(slice.get(i));
        }
      }
    }
    for (long producer = 1; producer <= 4; producer++) {
      assertFollowing(producer, log);
    }
  }

  private static void assertFollowing(long producer, List<BatchFacts> log) {
    int epoch = -1;
    int expected = 0;
    for (BatchFacts batch : log) {
      if (batch.producerId() == producer) {
        assertThat((int) batch.producerEpoch()).isGreaterThanOrEqualTo(epoch);
        expected = batch.producerEpoch() > epoch ? 0 : expected;
        assertThat(batch.baseSequence()).isEqualTo(expected);
        epoch = batch.producerEpoch();
        expected = batch.lastSequence() + 1;
      }
    }
  }

  private @Nullable BatchException decide(BatchFacts batch) {
    List<BatchException> exceptions = machine.decide(List.of(batch), NOW).exceptions();
    return exceptions.isEmpty() ? null : exceptions.getFirst();
  }

  private static BatchException refused(Refusal reason) {
    return new Refused(0, reason);
  }
}
