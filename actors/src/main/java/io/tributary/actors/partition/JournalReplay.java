package io.tributary.actors.partition;

import io.tributary.actors.shard.ShardContext;
import io.tributary.persistence.cache.FooterCache;
import io.tributary.persistence.cache.FooterOutcome;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionEvent;
import io.tributary.persistence.model.PartitionEvent.Appended;
import io.tributary.persistence.model.PartitionSlice;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a journal's events in order, with the footers they name fetched ahead side by side. Used
 * once. Confined to the shard's loop.
 */
final class JournalReplay {
  private static final Logger LOG = LoggerFactory.getLogger(JournalReplay.class);

  /** Footers fetched ahead. */
  private static final int AHEAD_MAX = 64;

  private static final Duration RETRY_AFTER = Duration.ofMillis(200);

  /** Takes the events, with the shard's slices for {@link Appended}, else none. */
  interface Target {
    /** Whether the event is to be applied; its footer is fetched only then. */
    boolean misses(PartitionEvent event);

    void apply(PartitionEvent event, List<PartitionSlice> slices);
  }

  private final ShardContext context;
  private final FooterCache footers;
  private final Target target;
  private final List<PartitionEvent> events;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final Map<FlushId, CompletionStage<FooterOutcome>> fetched = new HashMap<>();
  private int next;
  private int ahead;

  JournalReplay(
      ShardContext context, FooterCache footers, Target target, List<PartitionEvent> events) {
    this.context = context;
    this.footers = footers;
    this.target = target;
    this.events = events;
  }

  CompletionStage<Void> run() {
    advance();
    return done;
  }

  private void advance() {
    try {
      while (next < events.size()) {
        fetchAhead();
        PartitionEvent event = events.get(next);
        if (event instanceof Appended appended && target.misses(appended)) {
          context
              .loop()
              .then(
                  fetched.computeIfAbsent(appended.flush(), this::fetch),
                  outcome -> onFooter(appended, outcome));
          return;
        }
        if (target.misses(event)) {
          target.apply(event, List.of());
        }
        next++;
      }
      done.complete(null);
    } catch (RuntimeException broken) {
      done.completeExceptionally(broken);
    }
  }

  private void fetchAhead() {
    while (ahead < events.size() && ahead < next + AHEAD_MAX) {
      if (events.get(ahead) instanceof Appended appended && target.misses(appended)) {
        fetched.computeIfAbsent(appended.flush(), this::fetch);
      }
      ahead++;
    }
  }

  private CompletionStage<FooterOutcome> fetch(FlushId object) {
    return footers.slices(object, context.shard());
  }

  private void onFooter(Appended appended, FooterOutcome outcome) {
    fetched.remove(appended.flush());
    switch (outcome) {
      case FooterOutcome.Found(List<PartitionSlice> slices) -> {
        try {
          target.apply(appended, slices);
        } catch (RuntimeException broken) {
          done.completeExceptionally(broken);
          return;
        }
        next++;
        advance();
      }
      case FooterOutcome.Unknown(Throwable cause) -> {
        LOG.warn(
            "{} cannot read the footer of {} yet: {}",
            context.shard(),
            appended.flush(),
            cause.toString());
        context.loop().schedule(RETRY_AFTER, this::advance);
      }
      case FooterOutcome.Absent() ->
          done.completeExceptionally(
              new IOException(
                  "intake object " + appended.flush() + " is in the journal but not stored"));
      case FooterOutcome.Damaged(var cause) -> done.completeExceptionally(cause);
    }
  }
}
