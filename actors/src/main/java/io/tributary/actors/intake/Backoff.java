package io.tributary.actors.intake;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Bounded exponential delays between attempts, jittered over their upper half so that many senders
 * do not come back at once.
 */
record Backoff(Duration first, Duration max) {
  private static final int DOUBLINGS_MAX = 20;

  /**
   * @param attempts that have failed so far, 1 or more
   */
  Duration after(int attempts, RandomGenerator random) {
    int doublings = Math.min(attempts - 1, DOUBLINGS_MAX);
    long ceilingNanos = Math.min(first.toNanos() << doublings, max.toNanos());
    return Duration.ofNanos(ceilingNanos / 2 + random.nextLong(ceilingNanos / 2 + 1));
  }
}
