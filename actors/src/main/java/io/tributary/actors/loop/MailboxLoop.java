package io.tributary.actors.loop;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * An event loop whose turns are an actor's: tasks go through its mailbox, so they run one after the
 * other and are dropped when it has stopped.
 */
public final class MailboxLoop implements EventLoop {
  private final ActorSystem<?> system;
  private final Consumer<Runnable> mailbox;

  /**
   * @param mailbox puts a task into the actor's mailbox; called on any thread
   */
  public MailboxLoop(ActorSystem<?> system, Consumer<Runnable> mailbox) {
    this.system = system;
    this.mailbox = mailbox;
  }

  @Override
  public void execute(Runnable task) {
    mailbox.accept(task);
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
    PendingTask pending = new PendingTask(task);
    Cancellable timer =
        system
            .scheduler()
            .scheduleOnce(delay, () -> mailbox.accept(pending), system.executionContext());
    return () -> {
      timer.cancel();
      pending.cancelled = true;
    };
  }

  /** A timer may have put it into the mailbox before it was cancelled. */
  private static final class PendingTask implements Runnable {
    private final Runnable task;
    private volatile boolean cancelled;

    PendingTask(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (!cancelled) {
        task.run();
      }
    }
  }
}
