package io.tributary.actors.intake;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.partition.AppendAnswer;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.persistence.model.ShardId;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard's appends in flush order. A pass sends them one after another without waiting; a lost
 * answer or a gap ends the pass, and the next one begins again at the oldest that is undecided.
 * Repeats are harmless: the shard keeps a cursor and its last results. Confined to its loop.
 */
final class ShardSender {
  /**
   * Flushes sent from the oldest undecided one on. A shard remembers its last 64 results, so a
   * repeated pass finds those of the pass before.
   */
  static final int WINDOW_MAX = 32;

  private static final Logger LOG = LoggerFactory.getLogger(ShardSender.class);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration PAUSE_FIRST = Duration.ofMillis(20);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(1);

  private final ShardId shard;
  private final EventLoop loop;
  private final ShardRouter router;
  private final Backoff backoff;
  private final Runnable onDecided;

  /**
   * By flush, from sealing until decided: only facts, the bytes are in the store. Bounded by the
   * memory that requests keep until they are decided.
   */
  private final TreeMap<Long, ShardAppend> undecided = new TreeMap<>();

  private long lastFlush;
  private long nextFlush = 1;
  private long placesTaken;
  private int pass;
  private boolean passFailed;
  private EventLoop.@Nullable Timer pause;

  ShardSender(
      ShardId shard,
      EventLoop loop,
      ShardRouter router,
      RandomGenerator random,
      Runnable onDecided) {
    this.shard = shard;
    this.loop = loop;
    this.router = router;
    this.backoff = new Backoff(PAUSE_FIRST, PAUSE_MAX, random);
    this.onDecided = onDecided;
  }

  long lastFlush() {
    return lastFlush;
  }

  void onSealed(ShardAppend append) {
    append.takePlace(placesTaken++);
    undecided.put(append.flush(), append);
    lastFlush = append.flush();
  }

  /** Sends what is uploaded and whose turn it is. */
  void send() {
    while (pause == null) {
      Map.Entry<Long, ShardAppend> next = undecided.ceilingEntry(nextFlush);
      if (next == null
          || !next.getValue().isUploaded()
          || next.getValue().place() - undecided.firstEntry().getValue().place() >= WINDOW_MAX) {
        return;
      }
      nextFlush = next.getKey() + 1;
      ask(next.getValue(), pass);
    }
  }

  private void ask(ShardAppend append, int inPass) {
    router
        .ask(shard, append.request, ANSWER_TIMEOUT)
        .whenCompleteAsync(
            (answer, failure) -> {
              if (failure == null) {
                onAnswer(append, answer, inPass);
              } else if (inPass == pass) {
                LOG.debug("No answer from {} for flush {}", shard, append.flush(), failure);
                startOver();
              }
              send();
            },
            loop);
  }

  private void onAnswer(ShardAppend append, AppendAnswer answer, int inPass) {
    switch (answer) {
      case AppendAnswer.Decided(var results) -> {
        if (undecided.remove(append.flush(), append)) {
          passFailed = false;
          backoff.reset();
          append.onDecided(results);
          onDecided.run();
        }
      }
      case AppendAnswer.ResendFrom(long flush) -> {
        if (inPass == pass) {
          LOG.debug("{} misses what begins at flush {}", shard, flush);
          startOver();
        }
      }
      case AppendAnswer.BelowFloor _ -> {
        if (undecided.remove(append.flush(), append)) {
          LOG.warn("{} does not take flush {} any more", shard, append.flush());
          append.onForgotten();
          onDecided.run();
        }
      }
    }
  }

  /** The first new pass begins at once; those after it without any decision between wait. */
  private void startOver() {
    pass++;
    nextFlush = 1;
    if (passFailed) {
      pause =
          loop.schedule(
              backoff.next(),
              () -> {
                pause = null;
                send();
              });
    }
    passFailed = true;
  }
}
