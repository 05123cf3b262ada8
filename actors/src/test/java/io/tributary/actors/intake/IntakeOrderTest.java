package io.tributary.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.intake.AppendOutcome.Appended;
import io.tributary.actors.intake.AppendOutcome.Undecided;
import io.tributary.persistence.model.BatchFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Invariant 3: the order of each partition is the send order, and each batch is there once. */
class IntakeOrderTest {
  private static final int PARTITIONS = 12;

  @Property(tries = 150)
  void whateverIsLostOrLateEachPartitionHasEveryBatchOnceInSendOrder(@ForAll long seed) {
    IntakeBench bench =
        new IntakeBench(seed, new IntakeSettings(2_000, Duration.ofMillis(10), 0, 8));
    Random random = bench.time.random();
    int lossPercent = random.nextInt(40);
    bench.objects.putsTake(() -> Duration.ofMillis(1 + random.nextInt(200)));
    bench.objects.putsEnd(() -> objectFate(random, lossPercent));
    bench.shards.requestsTravel(() -> Duration.ofMillis(random.nextInt(50)));
    bench.shards.requestsEnd(() -> shardFate(random, lossPercent));

    List<Integer> sent = new ArrayList<>();
    List<CompletableFuture<AppendOutcome>> outcomes = new ArrayList<>();
    for (int number = 0; number < 300; number++) {
      int partition = random.nextInt(PARTITIONS);
      sent.add(partition);
      outcomes.add(bench.append(partition, number));
      if (random.nextInt(3) == 0) {
        bench.time.advance(Duration.ofMillis(random.nextInt(20)));
      }
    }
    bench.time.advance(Duration.ofSeconds(20));
    bench.objects.putsEnd(() -> FakeObjectStore.Fate.STORED);
    bench.shards.requestsEnd(() -> FakeShards.Fate.ANSWERED);
    CompletableFuture<Void> drained = bench.intake.drain().toCompletableFuture();
    bench.time.advance(Duration.ofMinutes(1));

    assertThat(drained).isDone();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      assertThat(numbers(bench, partition)).isEqualTo(sentTo(sent, partition));
    }
    for (int number = 0; number < outcomes.size(); number++) {
      checkOutcome(bench, sent.get(number), number, outcomes.get(number).join());
    }
  }

  private static void checkOutcome(
      IntakeBench bench, int partition, int number, AppendOutcome outcome) {
    switch (outcome) {
      case Appended(long baseOffset, long _) ->
          assertThat(baseOffset).isEqualTo(numbers(bench, partition).indexOf(number));
      case Undecided(var decided) -> assertThat(decided.toCompletableFuture()).isDone();
      case AppendOutcome.Refused refused -> throw new AssertionError(refused);
    }
  }

  private static List<Integer> numbers(IntakeBench bench, int partition) {
    return bench.shards.log(IntakeBench.partition(partition)).stream()
        .map(BatchFacts::baseSequence)
        .toList();
  }

  private static List<Integer> sentTo(List<Integer> sent, int partition) {
    List<Integer> numbers = new ArrayList<>();
    for (int number = 0; number < sent.size(); number++) {
      if (sent.get(number) == partition) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  private static FakeObjectStore.Fate objectFate(Random random, int lossPercent) {
    if (random.nextInt(100) >= lossPercent) {
      return FakeObjectStore.Fate.STORED;
    }
    return random.nextBoolean()
        ? FakeObjectStore.Fate.ANSWER_LOST
        : FakeObjectStore.Fate.REQUEST_LOST;
  }

  private static FakeShards.Fate shardFate(Random random, int lossPercent) {
    if (random.nextInt(100) >= lossPercent) {
      return FakeShards.Fate.ANSWERED;
    }
    FakeShards.Fate[] losses = {
      FakeShards.Fate.ANSWER_LOST, FakeShards.Fate.REQUEST_LOST, FakeShards.Fate.UNAVAILABLE
    };
    return losses[random.nextInt(losses.length)];
  }
}
