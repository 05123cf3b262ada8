package io.tributary.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final int BATCH_BYTES = 10;

  private final AtomicInteger wakes = new AtomicInteger();
  private final Arrivals arrivals = new Arrivals(wakes::incrementAndGet);

  @Test
  void oneWakeUpServesAllThatComesBeforeTheLoopLooks() {
    for (int number = 0; number < 1_000; number++) {
      arrivals.add(batch(0, number));
    }

    assertThat(wakes).hasValue(1);
    assertThat(drained()).hasSize(1_000);
  }

  @Test
  void whatDoesNotFillTheObjectWakesNobody() {
    arrivals.wakeAt(100);
    for (int number = 0; number < 9; number++) {
      arrivals.add(batch(0, number));
    }
    assertThat(wakes).hasValue(0);

    arrivals.add(batch(0, 9));

    assertThat(wakes).hasValue(1);
  }

  @Test
  void aLowerThresholdCountsWhatWaitsAlready() {
    arrivals.wakeAt(Long.MAX_VALUE);
    arrivals.add(batch(0, 0));

    assertThat(arrivals.wakeAt(BATCH_BYTES + 1)).isFalse();
    assertThat(arrivals.wakeAt(BATCH_BYTES)).isTrue();
  }

  @Test
  void nothingIsLostAndEachThreadKeepsItsOrder() throws InterruptedException {
    int threads = 4;
    int each = 50_000;
    AtomicBoolean woken = new AtomicBoolean();
    Arrivals shared = new Arrivals(() -> woken.set(true));
    List<Thread> senders = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      int sender = thread;
      senders.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int number = 0; number < each; number++) {
                      shared.add(batch(sender, number));
                    }
                  }));
    }
    int[] next = new int[threads];
    int seen = 0;
    long bytes = 0;
    Deque<ArrivedBatch> taken = new ArrayDeque<>();
    while (seen < threads * each) {
      // Sometimes the loop waits for many bytes, sometimes for any: no arrival may be overlooked.
      long threshold = seen % 2 == 0 ? 1 : 64;
      boolean enough = shared.wakeAt(threshold) || woken.getAndSet(false);
      if (enough || senders.stream().noneMatch(Thread::isAlive)) {
        bytes += shared.drainTo(taken);
      }
      for (ArrivedBatch batch : taken) {
        int sender = batch.partition.partition();
        assertThat(batch.facts.baseSequence()).isEqualTo(next[sender]++);
        seen++;
      }
      taken.clear();
    }
    for (Thread sender : senders) {
      sender.join();
    }
    assertThat(bytes).isEqualTo((long) threads * each * BATCH_BYTES);
  }

  private Deque<ArrivedBatch> drained() {
    Deque<ArrivedBatch> taken = new ArrayDeque<>();
    arrivals.drainTo(taken);
    return taken;
  }

  private static ArrivedBatch batch(int partition, int number) {
    return new ArrivedBatch(
        IntakeBench.partition(partition),
        Bytes.wrap(new byte[BATCH_BYTES]),
        IntakeBench.facts(number, BATCH_BYTES),
        0);
  }
}
