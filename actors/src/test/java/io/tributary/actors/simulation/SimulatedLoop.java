package io.tributary.actors.simulation;

import io.tributary.actors.shard.ShardContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A loop of a {@link SimulatedProcess}: first in, first out, each task a moment of its own. */
final class SimulatedLoop implements ShardContext.ChildLoop {
  private static final long WALL_START_MS = 1_700_000_000_000L;

  private static final long HICCUP_NANOS_MAX = 30_000_000;
  private static final long TURN_NANOS_MAX = 60_000;

  private final Timeline time;
  private final SimulatedProcess process;
  private final String name;
  private final SplittableRandom random;
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private Consumer<Throwable> onFailure;
  private boolean turning;
  private boolean stopped;

  SimulatedLoop(
      Timeline time,
      SimulatedProcess process,
      String name,
      SplittableRandom random,
      Consumer<Throwable> onFailure) {
    this.time = time;
    this.process = process;
    this.name = name;
    this.random = random;
    this.onFailure = onFailure;
  }

  /** What becomes of what a task throws. */
  void onFailure(Consumer<Throwable> handler) {
    onFailure = handler;
  }

  @Override
  public void execute(Runnable task) {
    if (!stopped && !process.isDead()) {
      tasks.add(task);
      wake();
    }
  }

  @Override
  public long nanoTime() {
    return time.nowNanos();
  }

  @Override
  public long wallMs() {
    return WALL_START_MS + time.nowNanos() / 1_000_000;
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    Scheduled scheduled = new Scheduled(task);
    time.after(delay.toNanos(), () -> execute(scheduled));
    return scheduled;
  }

  @Override
  public void stop() {
    stopped = true;
    tasks.clear();
  }

  @Override
  public String toString() {
    return name;
  }

  void wake() {
    if (!turning && !tasks.isEmpty()) {
      turning = true;
      boolean hiccup = random.nextInt(process.hiccupOneIn()) == 0;
      time.after(random.nextLong(hiccup ? HICCUP_NANOS_MAX : TURN_NANOS_MAX), this::turn);
    }
  }

  private void turn() {
    turning = false;
    if (process.isPaused()) {
      process.standsStill(this);
      return;
    }
    Runnable task = stopped || process.isDead() ? null : tasks.poll();
    if (task == null) {
      return;
    }
    try {
      task.run();
    } catch (RuntimeException failure) {
      onFailure.accept(failure);
    }
    wake();
  }

  private static final class Scheduled implements Timer, Runnable {
    private final Runnable task;
    private boolean cancelled;

    Scheduled(Runnable task) {
      this.task = task;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public void run() {
      if (!cancelled) {
        task.run();
      }
    }
  }
}
