package io.tributary.actors.partition.model;

import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionEvent.Appended;
import io.tributary.persistence.model.PartitionShardCheckpoint.Cursor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * How far each incarnation's flushes were taken in by a shard. Each flush is taken once, after the
 * one before it, so that requests may be repeated, over hand-offs too, and never append twice.
 */
public final class Cursors {
  /** Decisions remembered of each incarnation, for repeated requests. */
  public static final int RESULTS_MAX = 64;

  private final TreeMap<Long, State> states = new TreeMap<>();

  /** What a request for one flush is, seen from the cursor. */
  public sealed interface Position {
    /** The next one: take it. */
    record Next() implements Position {}

    /** Flushes before it are missing: the first of them is this one or later. */
    record Gap(long fromFlush) implements Position {}

    /** Taken, but not decided yet. */
    record Taken() implements Position {}

    record Decided(Appended result) implements Position {}

    /** Taken so long ago that the decisions are forgotten. */
    record Forgotten() implements Position {}
  }

  /**
   * @param previousFlush the incarnation's last flush before it that touches the shard; 0 for none
   */
  public Position position(FlushId flush, long previousFlush) {
    State state = states.get(flush.incarnation());
    long lastTaken = state == null ? 0 : state.lastTaken;
    if (state == null || flush.flush() > lastTaken) {
      return previousFlush == lastTaken ? new Position.Next() : new Position.Gap(lastTaken + 1);
    }
    if (flush.flush() > state.lastDecided) {
      return new Position.Taken();
    }
    for (Appended result : state.results) {
      if (result.flush().equals(flush)) {
        return new Position.Decided(result);
      }
    }
    return new Position.Forgotten();
  }

  /** The flush is taken in; its decision follows, after those of earlier ones. */
  public void take(FlushId flush) {
    states.computeIfAbsent(flush.incarnation(), _ -> new State()).lastTaken = flush.flush();
  }

  /** Whether a durable decision is part of this state already. */
  public boolean covers(FlushId flush) {
    State state = states.get(flush.incarnation());
    return state != null && flush.flush() <= state.lastDecided;
  }

  public void decided(Appended result) {
    State state = states.computeIfAbsent(result.flush().incarnation(), _ -> new State());
    state.lastTaken = Math.max(state.lastTaken, result.flush().flush());
    state.lastDecided = result.flush().flush();
    state.results.addLast(result);
    if (state.results.size() > RESULTS_MAX) {
      state.results.removeFirst();
    }
  }

  /** Drops the results of incarnations whose last decision is older than {@code timeMs}. */
  public void forgetResultsBefore(long timeMs) {
    for (State state : states.values()) {
      if (!state.results.isEmpty() && state.results.getLast().decidedAtMs() < timeMs) {
        state.results.clear();
      }
    }
  }

  /** What is decided; what is only taken is not part of it. */
  public List<Cursor> checkpoint() {
    List<Cursor> cursors = new ArrayList<>(states.size());
    states.forEach(
        (incarnation, state) -> {
          if (state.lastDecided > 0) {
            cursors.add(new Cursor(incarnation, state.lastDecided, List.copyOf(state.results)));
          }
        });
    return cursors;
  }

  public void restore(List<Cursor> cursors) {
    for (Cursor cursor : cursors) {
      State state = new State();
      state.lastTaken = cursor.lastFlush();
      state.lastDecided = cursor.lastFlush();
      state.results.addAll(cursor.results());
      states.put(cursor.incarnation(), state);
    }
  }

  private static final class State {
    private long lastTaken;
    private long lastDecided;
    private final ArrayDeque<Appended> results = new ArrayDeque<>(0);
  }
}
