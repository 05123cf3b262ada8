package io.tributary.actors.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: everything that will happen, in one queue. One thread, so a seed is a history. */
final class Timeline {
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
  private long nowNanos = 1_000_000_000L;
  private long ordered;
  private long ran;

  private record Event(long atNanos, long order, Runnable task) {}

  long nowNanos() {
    return nowNanos;
  }

  /** How many events have happened. */
  long ran() {
    return ran;
  }

  void after(long delayNanos, Runnable task) {
    events.add(new Event(nowNanos + Math.max(0, delayNanos), ordered++, task));
  }

  /** Lets the next event happen, unless it lies beyond {@code untilNanos}. */
  boolean runOne(long untilNanos) {
    Event next = events.peek();
    if (next == null || next.atNanos > untilNanos) {
      nowNanos = Math.max(nowNanos, untilNanos);
      return false;
    }
    events.remove();
    nowNanos = next.atNanos;
    ran++;
    next.task.run();
    return true;
  }
}
