package io.tributary.actors.intake;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.persistence.model.ShardId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Has what was uploaded sequenced: for every shard in flush order, several requests in flight, sent
 * again until decided. What a batch's caller is told after {@link #DECISION_TIMEOUT} is only that
 * the decision is late: the work goes on. Confined to its loop.
 */
final class AppendSender {
  /** How long after its upload a batch may wait for its shard before its caller is answered. */
  static final Duration DECISION_TIMEOUT = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final ShardRouter router;
  private final RandomGenerator random;
  private final Runnable onAllDecided;
  private final Map<ShardId, ShardSender> senders = new HashMap<>();

  /** Uploaded objects in the order of their uploads, as long as their callers wait. */
  private final Queue<Awaited> awaited = new ArrayDeque<>();

  private EventLoop.@Nullable Timer timer;
  private long undecidedAnswers;
  private int undecided;

  /**
   * @param onAllDecided runs when no sealed object is undecided any more
   */
  AppendSender(EventLoop loop, ShardRouter router, RandomGenerator random, Runnable onAllDecided) {
    this.onAllDecided = onAllDecided;
    this.loop = loop;
    this.router = router;
    this.random = random;
  }

  /**
   * The flush before the next one that touches {@code shard}, 0 for none. Its place is taken by
   * {@link #onSealed}.
   */
  long lastFlush(ShardId shard) {
    return sender(shard).lastFlush();
  }

  /** Keeps the object's place in the order of each shard it touches. */
  void onSealed(SealedObject object) {
    for (ShardAppend append : object.appends()) {
      undecided++;
      sender(append.shard).onSealed(append);
    }
  }

  void onUploaded(SealedObject object) {
    awaited.add(
        new Awaited(loop.nanoTime() + DECISION_TIMEOUT.toNanos(), List.copyOf(object.appends())));
    for (ShardAppend append : object.appends()) {
      append.onUploaded();
      sender(append.shard).send();
    }
    arm();
  }

  /** Parts of objects, uploaded or not, that no shard has decided yet. */
  int undecided() {
    return undecided;
  }

  long undecidedAnswers() {
    return undecidedAnswers;
  }

  private ShardSender sender(ShardId shard) {
    return senders.computeIfAbsent(
        shard, unknown -> new ShardSender(unknown, loop, router, random, this::onDecided));
  }

  private void onDecided() {
    undecided--;
    if (undecided == 0) {
      onAllDecided.run();
    }
  }

  private void arm() {
    while (!awaited.isEmpty() && awaited.element().isDecided()) {
      awaited.remove();
    }
    if (timer == null && !awaited.isEmpty()) {
      long waitNanos = Math.max(0, awaited.element().dueNanos - loop.nanoTime());
      timer = loop.schedule(Duration.ofNanos(waitNanos), this::onTimer);
    }
  }

  private void onTimer() {
    timer = null;
    long nowNanos = loop.nanoTime();
    while (!awaited.isEmpty() && awaited.element().dueNanos - nowNanos <= 0) {
      for (ShardAppend append : awaited.remove().appends) {
        if (!append.isDecided()) {
          undecidedAnswers++;
          append.answerUndecided();
        }
      }
    }
    arm();
  }

  private record Awaited(long dueNanos, List<ShardAppend> appends) {
    boolean isDecided() {
      return appends.stream().allMatch(ShardAppend::isDecided);
    }
  }
}
