package io.tributary.actors.intake;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.format.FormatException;
import io.tributary.persistence.format.TextRecord;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Write;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producer ids that no other producer of the cluster has or ever had. A node takes them from the
 * metadata store by blocks, by compare-and-set on {@value #KEY}, whose value is the first id that
 * nobody has taken. What is left of a block when the process ends is never given out: so a block
 * whose taking has an unknown outcome is left alone, too.
 */
public final class ProducerIds {
  public static final String KEY = "producer-id";

  private static final String FIELD = "next";

  static final int BLOCK_IDS = 1_000;

  /** Producers that wait for a block; one more is turned away at once. */
  static final int WAITING_MAX = 10_000;

  /** How long a producer waits for a block before it is told to come again. */
  static final Duration WAIT_MAX = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(ProducerIds.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(20);
  private static final Duration RETRY_MAX = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final MetadataStore store;
  private final Backoff backoff;
  private final Queue<CompletableFuture<OptionalLong>> waiting = new ArrayDeque<>();
  private long next;
  private long end;
  private boolean taking;

  public ProducerIds(EventLoop loop, MetadataStore store, RandomGenerator random) {
    this.loop = loop;
    this.store = store;
    this.backoff = new Backoff(RETRY_FIRST, RETRY_MAX, random);
  }

  /**
   * From any thread.
   *
   * @return an id; empty when the metadata store gave none in time; completes on the loop
   */
  public CompletionStage<OptionalLong> take() {
    CompletableFuture<OptionalLong> id = new CompletableFuture<>();
    loop.execute(() -> take(id));
    return id;
  }

  private void take(CompletableFuture<OptionalLong> id) {
    if (next < end) {
      id.complete(OptionalLong.of(next++));
    } else if (waiting.size() >= WAITING_MAX) {
      id.complete(OptionalLong.empty());
    } else {
      waiting.add(id);
      loop.schedule(WAIT_MAX, () -> giveUp(id));
      if (!taking) {
        taking = true;
        read();
      }
    }
  }

  private void giveUp(CompletableFuture<OptionalLong> id) {
    if (waiting.remove(id)) {
      id.complete(OptionalLong.empty());
    }
  }

  private void read() {
    store
        .get(KEY)
        .whenCompleteAsync(
            (outcome, failure) -> {
              if (failure != null) {
                again(failure);
              } else {
                switch (outcome) {
                  case ReadOutcome.Read read -> takeBlock(read.first());
                  case ReadOutcome.Unknown(Throwable cause) -> again(cause);
                }
              }
            },
            loop);
  }

  private void takeBlock(Optional<Entry> current) {
    long first;
    try {
      first = current.map(entry -> TextRecord.read(entry.value()).number(FIELD)).orElse(0L);
    } catch (FormatException damaged) {
      again(damaged);
      return;
    }
    Compare unchanged =
        current
            .<Compare>map(entry -> new Compare.VersionIs(KEY, entry.version()))
            .orElseGet(() -> new Compare.Absent(KEY));
    Write taken = new Write.Put(KEY, TextRecord.builder().with(FIELD, first + BLOCK_IDS).write());
    store
        .transact(new Transaction(List.of(unchanged), List.of(taken), List.of(KEY)))
        .whenCompleteAsync(
            (outcome, failure) -> {
              if (failure != null) {
                again(failure);
              } else {
                onTransacted(outcome, first);
              }
            },
            loop);
  }

  private void onTransacted(TransactionOutcome outcome, long first) {
    switch (outcome) {
      case TransactionOutcome.Applied _ -> {
        taking = false;
        backoff.reset();
        next = first;
        end = first + BLOCK_IDS;
        serveWaiting();
      }
      case TransactionOutcome.Refused(List<Entry> entries, long _) ->
          takeBlock(entries.stream().findFirst());
      case TransactionOutcome.Unknown(Throwable cause) -> again(cause);
    }
  }

  private void serveWaiting() {
    while (!waiting.isEmpty() && next < end) {
      waiting.remove().complete(OptionalLong.of(next++));
    }
    if (!waiting.isEmpty()) {
      taking = true;
      read();
    }
  }

  private void again(Throwable cause) {
    LOG.warn("Could not take a block of producer ids: {}", cause.toString());
    if (waiting.isEmpty()) {
      taking = false;
      return;
    }
    loop.schedule(backoff.next(), this::read);
  }
}
