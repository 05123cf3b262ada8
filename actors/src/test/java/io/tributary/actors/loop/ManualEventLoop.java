package io.tributary.actors.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * A loop of {@link VirtualTime}: its tasks run when the test lets them. It can be paused (a process
 * that stands still while the world goes on) and crashed (its tasks are gone for ever).
 */
public final class ManualEventLoop implements EventLoop {
  private final VirtualTime time;
  private final String name;
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<TimedTask> timers =
      new PriorityQueue<>(
          Comparator.comparingLong((TimedTask timed) -> timed.dueNanos)
              .thenComparingLong(timed -> timed.order));
  private Consumer<RuntimeException> onFailure =
      failure -> {
        throw failure;
      };
  private boolean paused;
  private boolean crashed;

  ManualEventLoop(VirtualTime time, String name) {
    this.time = time;
    this.name = name;
  }

  /** Tasks are kept, none runs, until {@link #resume}. */
  public void pause() {
    paused = true;
  }

  public void resume() {
    paused = false;
  }

  /** What becomes of what a task throws; without this it fails the test. */
  public void onFailure(Consumer<RuntimeException> handler) {
    onFailure = handler;
  }

  /** Nothing of this loop ever runs again. */
  public void crash() {
    crashed = true;
    tasks.clear();
    timers.clear();
  }

  @Override
  public void execute(Runnable task) {
    if (!crashed) {
      tasks.add(task);
    }
  }

  @Override
  public long nanoTime() {
    return time.nowNanos();
  }

  @Override
  public long wallMs() {
    return 1_700_000_000_000L + time.nowNanos() / 1_000_000;
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    TimedTask timed = new TimedTask(time.nowNanos() + delay.toNanos(), time.nextTimer(), task);
    if (!crashed) {
      timers.add(timed);
    }
    return timed;
  }

  @Override
  public String toString() {
    return name;
  }

  boolean isReady() {
    if (paused || crashed) {
      return false;
    }
    dropCancelled();
    return !tasks.isEmpty() || nextDueNanos() <= time.nowNanos();
  }

  void runOne() {
    TimedTask due = timers.peek();
    if (due != null && due.dueNanos <= time.nowNanos()) {
      tasks.add(timers.remove().task);
    }
    Runnable task = Objects.requireNonNull(tasks.poll(), "runs only when ready");
    try {
      task.run();
    } catch (RuntimeException failure) {
      onFailure.accept(failure);
    }
  }

  /** Of the next timer; {@link Long#MAX_VALUE} without one, or while the loop stands still. */
  long nextDueNanos() {
    dropCancelled();
    TimedTask next = timers.peek();
    return paused || next == null ? Long.MAX_VALUE : next.dueNanos;
  }

  private void dropCancelled() {
    while (timers.peek() instanceof TimedTask next && next.cancelled) {
      timers.remove();
    }
  }

  private static final class TimedTask implements Timer {
    private final long dueNanos;
    private final long order;
    private final Runnable task;
    private boolean cancelled;

    TimedTask(long dueNanos, long order, Runnable task) {
      this.dueNanos = dueNanos;
      this.order = order;
      this.task =
          () -> {
            if (!cancelled) {
              task.run();
            }
          };
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
