package io.tributary.actors.loop;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop on one platform thread of its own. A task that throws is logged and the next one
 * runs: the classes on the loop guard their own invariants.
 *
 * <p>Tasks are not bounded here; whoever gives work to a loop bounds it where it is taken in.
 */
public final class ThreadEventLoop implements EventLoop, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadEventLoop.class);

  /** Tasks run between two looks at the timers. */
  private static final int TASKS_PER_TURN_MAX = 256;

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean asleep = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean closed;

  /** Confined to the thread. */
  private final PriorityQueue<TimedTask> timers =
      new PriorityQueue<>(
          Comparator.comparingLong((TimedTask timed) -> timed.dueNanos)
              .thenComparingLong(timed -> timed.order));

  private long timersMade;

  public ThreadEventLoop(String name) {
    thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    thread.start();
  }

  @Override
  public void execute(Runnable task) {
    if (closed) {
      throw new RejectedExecutionException("event loop " + thread.getName() + " is closed");
    }
    tasks.add(task);
    if (asleep.get() && asleep.compareAndSet(true, false)) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public long wallMs() {
    return System.currentTimeMillis();
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    TimedTask timed = new TimedTask(nanoTime() + delay.toNanos(), task);
    if (Thread.currentThread() == thread) {
      start(timed);
    } else {
      execute(() -> start(timed));
    }
    return timed;
  }

  /** Ends the thread after the task it is running; the rest is dropped. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void start(TimedTask timed) {
    timed.order = timersMade++;
    timers.add(timed);
  }

  private void run() {
    while (!closed) {
      int ran = runTasks() + runTimers();
      if (ran == 0) {
        sleep();
      }
    }
  }

  private int runTasks() {
    int ran = 0;
    Runnable task;
    while (ran < TASKS_PER_TURN_MAX && !closed && (task = tasks.poll()) != null) {
      runOne(task);
      ran++;
    }
    return ran;
  }

  private int runTimers() {
    int ran = 0;
    long nowNanos = nanoTime();
    TimedTask next;
    while (!closed && (next = timers.peek()) != null && next.dueNanos - nowNanos <= 0) {
      timers.remove();
      if (!next.cancelled) {
        runOne(next.task);
        ran++;
      }
    }
    return ran;
  }

  private void sleep() {
    asleep.set(true);
    // A task added before the flag was seen would be waited for in vain: look once more.
    if (tasks.isEmpty() && !closed) {
      TimedTask next = timers.peek();
      if (next == null) {
        LockSupport.park(this);
      } else {
        long waitNanos = next.dueNanos - nanoTime();
        if (waitNanos > 0) {
          LockSupport.parkNanos(this, waitNanos);
        }
      }
    }
    asleep.set(false);
  }

  private void runOne(Runnable task) {
    try {
      task.run();
    } catch (Throwable failure) {
      LOG.error("A task of event loop {} failed", thread.getName(), failure);
    }
  }

  private static final class TimedTask implements Timer {
    private final long dueNanos;
    private final Runnable task;
    private long order;
    private volatile boolean cancelled;

    TimedTask(long dueNanos, Runnable task) {
      this.dueNanos = dueNanos;
      this.task = task;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
