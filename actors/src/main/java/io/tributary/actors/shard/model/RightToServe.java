package io.tributary.actors.shard.model;

/**
 * A node's right to answer reads that promise the newest: {@link #TERM_NANOS} from the send time of
 * the last confirmed renewal, on its own monotonic clock. Immutable.
 *
 * <p>A right that lapsed and came back is another {@link #term}: shards may have been taken over in
 * between, so each looks at its owner record once before it answers in the new term.
 *
 * @param untilNanos the right ends here
 * @param granted whether {@code untilNanos} means anything
 * @param lastTickNanos when the node last proved to itself that it was running
 * @param notBeforeNanos renewals sent earlier count no more
 * @param term number of the unbroken period, from 1; 0 before the first
 */
public record RightToServe(
    long untilNanos, boolean granted, long lastTickNanos, long notBeforeNanos, long term) {
  /** Shorter than {@link Ownership#STILL_NANOS} by more than clocks drift apart. */
  public static final long TERM_NANOS = 3_000_000_000L;

  /** A tick this much after the one before means that the process stood still. */
  public static final long TICK_GAP_NANOS_MAX = 1_500_000_000L;

  public static RightToServe none(long nowNanos) {
    return new RightToServe(nowNanos, false, nowNanos, nowNanos, 0);
  }

  public boolean holds(long nowNanos) {
    return granted && nowNanos - untilNanos < 0;
  }

  /** A late tick ends the right first; only a renewal sent from now on gives it back. */
  public RightToServe tick(long nowNanos) {
    return nowNanos - lastTickNanos > TICK_GAP_NANOS_MAX
        ? new RightToServe(nowNanos, false, nowNanos, nowNanos, term)
        : new RightToServe(untilNanos, granted, nowNanos, notBeforeNanos, term);
  }

  /** The store confirmed a renewal that was sent at {@code sentNanos}. */
  public RightToServe renewed(long sentNanos, long nowNanos) {
    long until = sentNanos + TERM_NANOS;
    if (sentNanos - notBeforeNanos < 0 || nowNanos - until >= 0) {
      return this;
    }
    if (!holds(nowNanos)) {
      return new RightToServe(until, true, lastTickNanos, notBeforeNanos, term + 1);
    }
    return until - untilNanos > 0
        ? new RightToServe(until, true, lastTickNanos, notBeforeNanos, term)
        : this;
  }

  /** Another incarnation took the node's place, or it is stopping. */
  public RightToServe withdrawn(long nowNanos) {
    return new RightToServe(nowNanos, false, lastTickNanos, nowNanos, term);
  }
}
