package io.tributary.actors.shard;

import io.tributary.actors.shard.model.RightToServe;

/**
 * The node's {@link RightToServe}, kept by the node's registration and read by every shard. Changed
 * on one loop, read on any thread.
 */
public final class ServingRight {
  /** What {@link #term} gives while the right does not hold. */
  public static final long NO_TERM = 0;

  private static final long ONLY_TERM = 1;

  private final boolean always;
  private volatile RightToServe right;

  private ServingRight(boolean always, long nowNanos) {
    this.always = always;
    right = RightToServe.none(nowNanos);
  }

  /** For a store that this process alone can hold: nobody can take over while it runs. */
  public static ServingRight always() {
    return new ServingRight(true, 0);
  }

  /** Held from renewal to renewal; not yet. */
  public static ServingRight renewable(long nowNanos) {
    return new ServingRight(false, nowNanos);
  }

  /** The unbroken period in which the right holds now; {@link #NO_TERM} while it does not. */
  public long term(long nowNanos) {
    if (always) {
      return ONLY_TERM;
    }
    RightToServe now = right;
    return now.holds(nowNanos) ? now.term() : NO_TERM;
  }

  public void tick(long nowNanos) {
    right = right.tick(nowNanos);
  }

  public void renewed(long sentNanos, long nowNanos) {
    right = right.renewed(sentNanos, nowNanos);
  }

  public void withdraw(long nowNanos) {
    right = right.withdrawn(nowNanos);
  }
}
