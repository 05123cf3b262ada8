package io.tributary.actors.loop;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * One thread's worth of work, in order. Every event-driven class of this module is confined to one
 * loop: it is called on it, keeps its state without locks, and comes back to it from every stage
 * ({@code stage.whenCompleteAsync(…, loop)}). In production a loop is an actor's mailbox or a
 * thread; in the simulation it is a slot of the seeded scheduler, so neither time nor order may
 * come from anywhere else.
 */
public interface EventLoop extends Executor {
  /** Monotonic, nanoseconds from an arbitrary origin that all loops of a process share. */
  long nanoTime();

  /** The wall clock, milliseconds since the epoch. Never used to decide ownership or order. */
  long wallMs();

  /** Runs {@code task} on this loop after {@code delay}. */
  Timer schedule(Duration delay, Runnable task);

  interface Timer {
    /** After this, the task does not run any more (called on the loop). */
    void cancel();
  }
}
