package io.tributary.actors.shard.model;

import io.tributary.persistence.model.ShardOwner;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When an incarnation may acquire a shard. That two never own it at once follows from the
 * compare-and-set that raises the epoch; this rule adds that the old owner has stopped answering
 * reads before the new one decides anything: its right to serve ({@link RightToServe}) is shorter
 * than {@link #STILL_NANOS}.
 */
public final class Ownership {
  /** How long the owner's heartbeat must have stood still, on the acquirer's own clock. */
  public static final long STILL_NANOS = 4_000_000_000L;

  private Ownership() {}

  /**
   * @param exclusive the store is held by this process alone, so every other owner is dead
   */
  public record Acquirer(long incarnation, boolean exclusive) {}

  public sealed interface Decision {
    /**
     * @param onlyWhileStill the acquisition must compare that the old owner's heartbeat has not
     *     gone on meanwhile
     */
    record Acquire(long epoch, boolean onlyWhileStill) implements Decision {}

    record Wait(long nanos) implements Decision {}
  }

  /**
   * @param owner the shard's owner record; empty when it was never owned
   * @param stillNanos for how long the owner's heartbeat has been seen standing still; empty when
   *     it has not been watched yet
   */
  public static Decision decide(
      Optional<ShardOwner> owner, OptionalLong stillNanos, Acquirer acquirer) {
    if (owner.isEmpty()) {
      return new Decision.Acquire(1, false);
    }
    ShardOwner old = owner.get();
    boolean own = old.incarnation() == acquirer.incarnation();
    if (old.released() || own || acquirer.exclusive()) {
      return new Decision.Acquire(old.epoch() + 1, false);
    }
    long still = stillNanos.orElse(0);
    return still >= STILL_NANOS
        ? new Decision.Acquire(old.epoch() + 1, true)
        : new Decision.Wait(STILL_NANOS - still);
  }
}
