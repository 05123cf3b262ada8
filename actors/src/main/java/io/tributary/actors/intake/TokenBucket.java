package io.tributary.actors.intake;

import java.util.concurrent.TimeUnit;

/**
 * Caps a rate while allowing short bursts: a token comes every 1/rate second, and a quarter of a
 * second's tokens may be saved up. The generic cell rate algorithm (ITU-T I.371), so one number is
 * the whole state.
 */
final class TokenBucket {
  private final long intervalNanos;
  private final long toleranceNanos;
  private long nextNanos;

  /**
   * @param perSecond 0 for no cap
   */
  TokenBucket(int perSecond, long nowNanos) {
    this.intervalNanos = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.toleranceNanos = (Math.max(1, perSecond / 4) - 1) * intervalNanos;
    this.nextNanos = nowNanos;
  }

  /** 0 when there is a token now. */
  long nanosUntilToken(long nowNanos) {
    return Math.max(0, nextNanos - toleranceNanos - nowNanos);
  }

  /** The caller has seen that there is a token. */
  void take(long nowNanos) {
    nextNanos = (nextNanos - nowNanos > 0 ? nextNanos : nowNanos) + intervalNanos;
  }
}
