package io.tributary.actors.shard.model;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * For how long each incarnation's heartbeat has been seen standing still, on the watcher's own
 * monotonic clock. Immutable.
 *
 * <p>A value stood still from when the first look that showed it was <em>answered</em> until the
 * last look that showed it was <em>sent</em>: what lies outside is not known. A heartbeat that is
 * not there stands still as well: its node's key was taken by a newer incarnation or deleted, and a
 * renewal compares the key.
 */
public record HeartbeatHistory(Map<Long, Pulse> pulses) {
  /**
   * Incarnations that are gone and still remembered; past this they are watched anew when asked.
   */
  static final int GONE_MAX = 1_000;

  private static final long ABSENT = -1;

  public HeartbeatHistory {
    pulses = Map.copyOf(pulses);
  }

  public static HeartbeatHistory empty() {
    return new HeartbeatHistory(Map.of());
  }

  /**
   * One linearizable look at all heartbeats.
   *
   * @param heartbeats by incarnation, 0 or more
   */
  public record Look(Map<Long, Long> heartbeats, long sentNanos, long answeredNanos) {}

  /**
   * @param seen whether a look has told anything yet
   * @param moved whether the heartbeat was seen going on
   */
  record Pulse(long heartbeat, long fromNanos, long toNanos, boolean seen, boolean moved) {
    /** Watched from the next look on. */
    static final Pulse UNSEEN = new Pulse(ABSENT, 0, 0, false, false);

    Pulse after(long newHeartbeat, Look look) {
      return seen && heartbeat == newHeartbeat
          ? new Pulse(heartbeat, fromNanos, look.sentNanos(), true, moved)
          : new Pulse(
              newHeartbeat,
              look.answeredNanos(),
              look.answeredNanos(),
              true,
              newHeartbeat != ABSENT && (moved || seen));
    }

    boolean gone() {
      return seen && heartbeat == ABSENT;
    }
  }

  public HeartbeatHistory after(Look look) {
    Map<Long, Pulse> next = new HashMap<>();
    long gone = pulses.values().stream().filter(Pulse::gone).count();
    pulses.forEach(
        (incarnation, pulse) -> {
          if (!pulse.gone() || gone <= GONE_MAX) {
            long heartbeat = look.heartbeats().getOrDefault(incarnation, ABSENT);
            next.put(incarnation, pulse.after(heartbeat, look));
          }
        });
    look.heartbeats()
        .forEach(
            (incarnation, heartbeat) ->
                next.computeIfAbsent(incarnation, _ -> Pulse.UNSEEN.after(heartbeat, look)));
    return new HeartbeatHistory(next);
  }

  /** Watches {@code incarnation} from the next look on, if it is not watched yet. */
  public HeartbeatHistory watching(long incarnation) {
    if (pulses.containsKey(incarnation)) {
      return this;
    }
    Map<Long, Pulse> next = new HashMap<>(pulses);
    next.put(incarnation, Pulse.UNSEEN);
    return new HeartbeatHistory(next);
  }

  /** Whether the incarnation is known to have been alive while it was watched, and is not gone. */
  public boolean hasMoved(long incarnation) {
    Pulse pulse = pulses.get(incarnation);
    return pulse != null && pulse.moved();
  }

  /** Empty when it is not watched yet. */
  public OptionalLong stillNanos(long incarnation) {
    Pulse pulse = pulses.get(incarnation);
    return pulse == null || !pulse.seen()
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, pulse.toNanos() - pulse.fromNanos()));
  }
}
