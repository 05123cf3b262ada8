package io.tributary.actors.loop;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: doubles from try to try up to a limit, and lies anywhere in
 * the upper half of that, so that those who failed together do not come back together.
 */
public final class Backoff {
  private final Duration first;
  private final Duration max;
  private final RandomGenerator random;
  private long nextNanos;

  public Backoff(Duration first, Duration max, RandomGenerator random) {
    this.first = first;
    this.max = max;
    this.random = random;
    nextNanos = first.toNanos();
  }

  public Duration next() {
    long nanos = nextNanos;
    nextNanos = Math.min(nanos * 2, max.toNanos());
    return Duration.ofNanos(nanos / 2 + random.nextLong(nanos / 2 + 1));
  }

  /** After a success. */
  public void reset() {
    nextNanos = first.toNanos();
  }
}
