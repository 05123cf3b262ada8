package io.tributary.actors.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Virtual time and the order of everything in a test: each loop runs its own tasks first in, first
 * out; which loop goes next is the seed's choice. One thread, so a seed is a whole history.
 *
 * <pre>{@code
 * VirtualTime time = new VirtualTime(seed);
 * ManualEventLoop loop = time.loop("intake");
 * new Thing(loop).start();
 * time.advance(Duration.ofMillis(50));
 * }</pre>
 */
public final class VirtualTime {
  private static final int STEPS_MAX = 10_000_000;

  private final Random random;
  private final List<ManualEventLoop> loops = new ArrayList<>();
  private long nowNanos = 1_000_000_000L;
  private long timersMade;

  public VirtualTime(long seed) {
    random = new Random(seed);
  }

  /** A new loop in this time. */
  public ManualEventLoop loop(String name) {
    ManualEventLoop loop = new ManualEventLoop(this, name);
    loops.add(loop);
    return loop;
  }

  public long nowNanos() {
    return nowNanos;
  }

  /** The seed's source of chance, for the test's own choices. */
  public Random random() {
    return random;
  }

  /** Runs all that can run without time going on. */
  public void runUntilIdle() {
    for (int step = 0; runOne(); step++) {
      if (step > STEPS_MAX) {
        throw new AssertionError("the loops never come to rest");
      }
    }
  }

  /**
   * Runs {@code steps} tasks, letting time go on where nothing else can run.
   *
   * @return how many ran; fewer only when nothing is left to run ever
   */
  public int runSteps(int steps) {
    for (int step = 0; step < steps; step++) {
      if (!runOne()) {
        if (nextDueNanos() == Long.MAX_VALUE) {
          return step;
        }
        nowNanos = Math.max(nowNanos, nextDueNanos());
        runOne();
      }
    }
    return steps;
  }

  /** Lets {@code duration} pass, running whatever falls due on the way, in the order of time. */
  public void advance(Duration duration) {
    long endNanos = nowNanos + duration.toNanos();
    runUntilIdle();
    while (nextDueNanos() <= endNanos) {
      nowNanos = Math.max(nowNanos, nextDueNanos());
      runUntilIdle();
    }
    nowNanos = endNanos;
  }

  /** Lets time pass until {@code condition} holds; fails after {@code atMost} of virtual time. */
  public void advanceUntil(BooleanSupplier condition, Duration atMost) {
    long endNanos = nowNanos + atMost.toNanos();
    runUntilIdle();
    while (!condition.getAsBoolean()) {
      long dueNanos = nextDueNanos();
      if (dueNanos > endNanos) {
        throw new AssertionError("not so within " + atMost + " of virtual time");
      }
      nowNanos = Math.max(nowNanos, dueNanos);
      runUntilIdle();
    }
  }

  long nextTimer() {
    return timersMade++;
  }

  private boolean runOne() {
    List<ManualEventLoop> ready = loops.stream().filter(ManualEventLoop::isReady).toList();
    if (ready.isEmpty()) {
      return false;
    }
    ready.get(random.nextInt(ready.size())).runOne();
    return true;
  }

  private long nextDueNanos() {
    return loops.stream().mapToLong(ManualEventLoop::nextDueNanos).min().orElse(Long.MAX_VALUE);
  }
}
