package io.tributary.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.intake.AppendOutcome.Appended;
import io.tributary.actors.intake.AppendOutcome.Undecided;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.cache.Block;
import io.tributary.persistence.format.IntakeFooter;
import io.tributary.persistence.format.IntakeObjectFormat;
import io.tributary.persistence.format.IntakeObjectFormat.FooterRead;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class IntakeTest {
  private static final Duration UPLOAD = Duration.ofMillis(100);
  private static final Duration MOMENT = Duration.ofMillis(5);

  private final IntakeBench bench =
      new IntakeBench(1, IntakeBench.settings(Duration.ofMillis(50), 0));

  @Test
  void aBatchIsAnsweredWithItsOffsetOnceItIsUploadedAndDecided() {
    CompletableFuture<AppendOutcome> outcome = bench.append(0, 0);

    bench.time.advance(UPLOAD.minusMillis(1));
    assertThat(outcome).isNotDone();
    assertThat(bench.shards.asks()).isZero();

    bench.time.advance(MOMENT);
    assertThat(outcome).isCompletedWithValue(new Appended(0, 7));
  }

  @Test
  void theFirstBatchIsSealedAtOnceAndLaterOnesWaitForMore() {
    bench.append(0, 0);
    bench.time.runUntilIdle();
    assertThat(bench.objects.puts()).isEqualTo(1);

    bench.append(0, 1);
    bench.time.advance(Duration.ofMillis(30));
    bench.append(1, 2);
    bench.time.advance(Duration.ofMillis(19));
    assertThat(bench.objects.puts()).isEqualTo(1);

    bench.time.advance(Duration.ofMillis(1));
    assertThat(bench.objects.puts()).isEqualTo(2);
    assertThat(bench.intake.statistics().gatheredBytes()).isZero();
  }

  @Test
  void whatWaitsIsSealedAtOnceWhenTheLastUploadEnds() {
    bench.objects.putsTake(() -> Duration.ofMillis(10));
    bench.append(0, 0);
    bench.time.advance(MOMENT);
    bench.append(0, 1);

    bench.time.advance(MOMENT);

    assertThat(bench.objects.puts()).isEqualTo(2);
  }

  @Test
  void anObjectIsSealedWhenItIsFull() {
    bench.append(0, 0);
    bench.time.runUntilIdle();
    int batchBytes = 1024 * 1024;
    for (int number = 1; number <= 7; number++) {
      bench.append(0, number, batchBytes);
    }
    bench.time.runUntilIdle();
    assertThat(bench.objects.puts()).isEqualTo(1);

    bench.append(0, 8, batchBytes);
    bench.time.runUntilIdle();

    assertThat(bench.objects.puts()).isEqualTo(2);
  }

  @Test
  void atMostEightUploadsRunAndTheRestWaits() {
    int batchBytes = 4 * 1024 * 1024;
    List<CompletableFuture<AppendOutcome>> outcomes = new ArrayList<>();
    for (int number = 0; number < 30; number++) {
      outcomes.add(bench.append(0, number, batchBytes));
    }

    bench.time.advance(Duration.ofSeconds(1));

    assertThat(bench.objects.runningMax()).isEqualTo(8);
    assertThat(outcomes).allMatch(outcome -> outcome.join() instanceof Appended);
  }

  @Test
  void theTokenBucketCapsUploadsOverTime() {
    IntakeBench capped = new IntakeBench(1, IntakeBench.settings(Duration.ofMillis(2), 20));
    capped.objects.putsTake(() -> Duration.ofMillis(1));

    for (int number = 0; number < 1_000; number++) {
      capped.append(0, number);
      capped.time.advance(Duration.ofMillis(10));
    }

    // A quarter of a second's tokens may be saved up beforehand.
    assertThat(capped.objects.puts()).isBetween(195, 205);
  }

  @Test
  void anIdleIntakeUploadsNothing() {
    bench.append(0, 0);
    bench.time.advance(Duration.ofHours(1));

    assertThat(bench.objects.puts()).isEqualTo(1);
    assertThat(bench.shards.asks()).isEqualTo(1);
  }

  @Test
  void aPartitionsBatchesStandSideBySideAndTheObjectIsInTheBlockCache() {
    bench.append(9, 100);
    bench.time.runUntilIdle();
    bench.append(2, 0);
    bench.append(1, 1);
    bench.append(2, 2);
    bench.append(1, 3);
    bench.time.advance(Duration.ofMillis(500));

    FlushId second = new FlushId(IntakeBench.INCARNATION, 2);
    Block cached = bench.blocks.ifPresent(second).orElseThrow();
    IntakeFooter footer = footer(second);

    assertThat(footer.slices()).hasSize(2);
    assertThat(numbers(footer.slices().get(0))).containsExactly(1, 3);
    assertThat(numbers(footer.slices().get(1))).containsExactly(0, 2);
    for (PartitionSlice slice : footer.slices()) {
      Iterator<Integer> numbers = numbers(slice).iterator();
      for (int at = slice.position();
          at < slice.position() + slice.lengthBytes();
          at += IntakeBench.BATCH_BYTES) {
        Bytes batch = cached.range(at, IntakeBench.BATCH_BYTES).getFirst();
        assertThat(batch.asByteBuffer().getInt(0)).isEqualTo(slice.partition().partition());
        assertThat(batch.asByteBuffer().getInt(4)).isEqualTo(numbers.next());
      }
    }
  }

  private IntakeFooter footer(FlushId flush) {
    GetOutcome.Found object = (GetOutcome.Found) get(ObjectNames.intake(flush));
    return switch (IntakeObjectFormat.readFooter(
        "test", flush, object.bytes(), object.objectBytes())) {
      case FooterRead.Complete(IntakeFooter footer) -> footer;
      case FooterRead.NeedsSuffix needs -> throw new AssertionError(needs);
    };
  }

  private GetOutcome get(ObjectKey key) {
    CompletableFuture<GetOutcome> outcome = bench.objects.get(key).toCompletableFuture();
    bench.time.runUntilIdle();
    return outcome.join();
  }

  private static List<Integer> numbers(PartitionSlice slice) {
    return slice.batches().stream().map(BatchFacts::baseSequence).toList();
  }

  @Test
  void anUploadOfUnknownOutcomeIsRepeatedUntilItIsStored() {
    Iterator<FakeObjectStore.Fate> fates =
        List.of(
                FakeObjectStore.Fate.REQUEST_LOST,
                FakeObjectStore.Fate.ANSWER_LOST,
                FakeObjectStore.Fate.STORED)
            .iterator();
    bench.objects.putsEnd(fates::next);

    CompletableFuture<AppendOutcome> outcome = bench.append(0, 0);
    bench.time.advance(Duration.ofSeconds(1));

    assertThat(outcome).isCompletedWithValue(new Appended(0, 7));
    assertThat(bench.objects.puts()).isEqualTo(3);
    assertThat(bench.intake.statistics().uploadRetries()).isEqualTo(2);
  }

  @Test
  void aNameThatHoldsOtherBytesIsNeverTakenForOurs() {
    bench.objects.putIfAbsent(
        ObjectNames.intake(new FlushId(IntakeBench.INCARNATION, 1)),
        List.of(Bytes.wrap(new byte[] {1, 2, 3})));
    bench.time.advance(Duration.ofSeconds(1));

    CompletableFuture<AppendOutcome> outcome = bench.append(0, 0);
    bench.time.advance(Duration.ofMinutes(1));

    assertThat(bench.broken).hasSize(1);
    assertThat(bench.broken.getFirst()).contains("intake/3/1");
    assertThat(outcome).isNotDone();
    assertThat(bench.shards.asks()).isZero();
  }

  @Test
  void aBatchWithoutADecisionIsUndecidedOneSecondAfterItsUploadAndTheWorkGoesOn() {
    bench.shards.requestsEnd(() -> FakeShards.Fate.UNAVAILABLE);
    CompletableFuture<AppendOutcome> outcome = bench.append(0, 0);

    bench.time.advance(UPLOAD.plusMillis(999));
    assertThat(outcome).isNotDone();
    bench.time.advance(MOMENT);
    assertThat(outcome.join()).isInstanceOf(Undecided.class);
    CompletableFuture<?> decided = ((Undecided) outcome.join()).decided().toCompletableFuture();
    assertThat(decided).isNotDone();

    bench.shards.requestsEnd(() -> FakeShards.Fate.ANSWERED);
    bench.time.advance(Duration.ofSeconds(2));
    assertThat(decided).isDone();
    assertThat(bench.shards.log(IntakeBench.partition(0))).hasSize(1);
  }

  @Test
  void anUploadThatStallsIsNotCalledUndecided() {
    bench.objects.putsTake(() -> Duration.ofMinutes(1));
    CompletableFuture<AppendOutcome> outcome = bench.append(0, 0);

    bench.time.advance(Duration.ofSeconds(30));

    assertThat(outcome).isNotDone();
  }

  @Test
  void oneShardWithoutAnOwnerDoesNotHoldUpTheOthers() {
    Iterator<FakeShards.Fate> first = List.of(FakeShards.Fate.REQUEST_LOST).iterator();
    bench.shards.requestsEnd(() -> first.hasNext() ? first.next() : FakeShards.Fate.ANSWERED);
    List<CompletableFuture<AppendOutcome>> outcomes = new ArrayList<>();
    for (int partition = 0; partition < 20; partition++) {
      outcomes.add(bench.append(partition, partition));
    }

    bench.time.advance(UPLOAD.plus(MOMENT));

    // The first of the shards asked got no request: its partitions wait, nobody else's do.
    assertThat(outcomes).filteredOn(CompletableFuture::isDone).hasSizeGreaterThanOrEqualTo(10);
    assertThat(outcomes).anyMatch(outcome -> !outcome.isDone());
    bench.time.advance(Duration.ofSeconds(5));
    assertThat(outcomes).allMatch(CompletableFuture::isDone);
  }

  @Test
  void drainingEndsWhenEverythingIsDecided() {
    bench.append(0, 0);
    bench.time.runUntilIdle();
    bench.append(0, 1);
    CompletableFuture<Void> drained = bench.intake.drain().toCompletableFuture();

    bench.time.advance(UPLOAD);
    assertThat(drained).isNotDone();
    bench.time.advance(MOMENT);

    assertThat(drained).isDone();
    assertThat(bench.shards.log(IntakeBench.partition(0))).hasSize(2);
  }
}
