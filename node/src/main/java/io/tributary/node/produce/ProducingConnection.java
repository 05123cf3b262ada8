package io.tributary.node.produce;

import io.tributary.actors.intake.LogWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection's produce requests. They enter the log in the order they came, also when an
 * earlier one takes longer to check; and they are answered in time. Confined to the connection's
 * event loop; bounded by the memory that its requests take.
 */
final class ProducingConnection {
  private final ScheduledExecutorService eventLoop;
  private final LogWriter log;
  private final Runnable onIdle;
  private final Deque<ProduceRound> unappended = new ArrayDeque<>();
  private final Deque<ProduceRound> unanswered = new ArrayDeque<>();
  private @Nullable ScheduledFuture<?> timer;

  /**
   * @param onIdle runs when nothing is left to do: a later request begins with a new one
   */
  ProducingConnection(ScheduledExecutorService eventLoop, LogWriter log, Runnable onIdle) {
    this.eventLoop = eventLoop;
    this.log = log;
    this.onIdle = onIdle;
  }

  void begin(ProduceRound round) {
    unappended.add(round);
  }

  /** Appends whose turn it is. */
  void proceed() {
    while (!unappended.isEmpty() && unappended.element().isChecked()) {
      ProduceRound round = unappended.remove();
      round.append(log);
      await(round);
    }
    endIfIdle();
  }

  void onDisconnected() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    unanswered.clear();
    endIfIdle();
  }

  private void endIfIdle() {
    if (unappended.isEmpty() && unanswered.isEmpty() && timer == null) {
      onIdle.run();
    }
  }

  /**
   * One timer a connection, for its oldest request: a timer a request would cost more than the
   * request.
   */
  private void await(ProduceRound round) {
    dropAnswered();
    if (!round.isAnswered()) {
      unanswered.add(round);
      arm();
    }
  }

  private void dropAnswered() {
    while (!unanswered.isEmpty() && unanswered.element().isAnswered()) {
      unanswered.remove();
    }
  }

  private void arm() {
    if (timer == null && !unanswered.isEmpty()) {
      long waitNanos = Math.max(0, unanswered.element().dueNanos() - System.nanoTime());
      timer = eventLoop.schedule(this::onTimer, waitNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void onTimer() {
    timer = null;
    long nowNanos = System.nanoTime();
    dropAnswered();
    while (!unanswered.isEmpty() && unanswered.element().dueNanos() - nowNanos <= 0) {
      unanswered.remove().onTimedOut();
      dropAnswered();
    }
    arm();
    endIfIdle();
  }
}
