package io.tributary.actors.cluster;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.shard.ShardRequest;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Write;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Ends what a tombstone began: asks every partition shard of the topic and every group shard to
 * journal the deletion, then frees the name. The node that took the request begins; a tombstone
 * that stands for {@link #RESUME_AFTER} is taken up by every node, so none hangs on one node's
 * life. All of it may be done any number of times. Confined to its loop; {@link #finish} may be
 * called from any thread.
 */
public final class TopicDeletion implements AutoCloseable {
  private static final Duration RESUME_AFTER = Duration.ofSeconds(5);
  private static final Duration SWEEP = Duration.ofSeconds(1);
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofMillis(250);
  private static final int RUNNING_MAX = 16;

  private final EventLoop loop;
  private final MetadataStore store;
  private final ClusterImages images;
  private final Notices notices;
  private final Map<UUID, Running> running = new HashMap<>();
  private final Queue<Running> waiting = new ArrayDeque<>();
  private Map<UUID, Long> seenSinceNanos = new HashMap<>();
  private boolean closed;
  private EventLoop.@Nullable Timer sweep;

  public TopicDeletion(EventLoop loop, MetadataStore store, ClusterImages images, Notices notices) {
    this.loop = loop;
    this.store = store;
    this.images = images;
    this.notices = notices;
  }

  /**
   * How shards are told. Any answer means that the shard has journaled the deletion.
   *
   * @param toPartitions the request to a shard that has partitions of the topic
   * @param toGroups the request to a group shard
   */
  public record Notices(
      ShardRouter router,
      Function<DeletedTopic, ShardRequest<?>> toPartitions,
      Function<DeletedTopic, ShardRequest<?>> toGroups) {}

  sealed interface DeletionOutcome {
    record Forgotten() implements DeletionOutcome {}

    record StillRunning(Throwable cause) implements DeletionOutcome {}
  }

  /** Begins to look after tombstones that other nodes left. */
  public void start() {
    loop.execute(() -> sweep = loop.schedule(SWEEP, this::onSweep));
  }

  @Override
  public void close() {
    loop.execute(
        () -> {
          closed = true;
          if (sweep != null) {
            sweep.cancel();
          }
        });
  }

  ClusterImages images() {
    return images;
  }

  /** Completes when the name is free, or when the time is over. */
  CompletionStage<DeletionOutcome> finish(DeletedTopic topic, Duration timeout) {
    CompletableFuture<DeletionOutcome> outcome = new CompletableFuture<>();
    loop.execute(
        () -> {
          EventLoop.Timer timer =
              loop.schedule(
                  timeout,
                  () ->
                      outcome.complete(
                          new DeletionOutcome.StillRunning(
                              new TimeoutException(
                                  "not every shard has journaled the deletion yet"))));
          running(topic)
              .forgotten
              .whenComplete(
                  (_, _) -> {
                    timer.cancel();
                    outcome.complete(new DeletionOutcome.Forgotten());
                  });
        });
    return outcome;
  }

  private void onSweep() {
    if (closed) {
      return;
    }
    sweep = loop.schedule(SWEEP, this::onSweep);
    long nowNanos = loop.nanoTime();
    Map<UUID, Long> seen = new HashMap<>();
    for (DeletedTopic topic : images.get().tombstones().values()) {
      long since = seenSinceNanos.getOrDefault(topic.id(), nowNanos);
      seen.put(topic.id(), since);
      if (nowNanos - since >= RESUME_AFTER.toNanos()) {
        running(topic);
      }
    }
    seenSinceNanos = seen;
  }

  private Running running(DeletedTopic topic) {
    Running known = running.get(topic.id());
    if (known != null) {
      return known;
    }
    Running added = new Running(topic);
    running.put(topic.id(), added);
    waiting.add(added);
    beginWaiting();
    return added;
  }

  private void beginWaiting() {
    int active = running.size() - waiting.size();
    while (active < RUNNING_MAX && !waiting.isEmpty()) {
      waiting.remove().begin();
      active++;
    }
  }

  private void onForgotten(Running ended) {
    running.remove(ended.topic.id());
    ended.forgotten.complete(null);
    beginWaiting();
  }

  /** The deletion of one topic, until its name is free. */
  private final class Running {
    private final DeletedTopic topic;
    private final CompletableFuture<@Nullable Void> forgotten = new CompletableFuture<>();
    private final Set<ShardId> unanswered = new LinkedHashSet<>();

    Running(DeletedTopic topic) {
      this.topic = topic;
    }

    void begin() {
      ShardCounts shards = images.get().shards();
      IntStream.range(0, topic.partitions())
          .mapToObj(topic::partition)
          .map(shards::shardOf)
          .forEach(unanswered::add);
      IntStream.range(0, shards.groups())
          .mapToObj(index -> new ShardId(ShardKind.GROUPS, index))
          .forEach(unanswered::add);
      List.copyOf(unanswered).forEach(this::tell);
    }

    private void tell(ShardId shard) {
      if (closed) {
        return;
      }
      Function<DeletedTopic, ShardRequest<?>> request =
          shard.kind() == ShardKind.GROUPS ? notices.toGroups() : notices.toPartitions();
      notices
          .router()
          .ask(shard, request.apply(topic), ASK_TIMEOUT)
          .whenCompleteAsync((_, failure) -> onTold(shard, failure), loop);
    }

    private void onTold(ShardId shard, @Nullable Throwable failure) {
      if (failure != null) {
        loop.schedule(RETRY, () -> tell(shard));
        return;
      }
      unanswered.remove(shard);
      if (unanswered.isEmpty()) {
        freeName();
      }
    }

    private void freeName() {
      if (closed) {
        return;
      }
      String name = ClusterRecords.topicKey(topic.name());
      String tombstone = ClusterRecords.tombstoneKey(topic.id());
      store
          .transact(
              new Transaction(
                  List.of(new Compare.ValueIs(name, TopicRules.nameTaken(topic))),
                  List.of(new Write.Delete(name), new Write.Delete(tombstone)),
                  List.of()))
          .whenCompleteAsync(
              (outcome, failure) -> {
                if (failure != null) {
                  loop.schedule(RETRY, this::freeName);
                  return;
                }
                switch (outcome) {
                  case TransactionOutcome.Applied(long revision) -> visible(revision);
                  // Another node was first: name and tombstone go in one transaction.
                  case TransactionOutcome.Refused(var _, long revision) -> visible(revision);
                  case TransactionOutcome.Unknown _ -> loop.schedule(RETRY, this::freeName);
                }
              },
              loop);
    }

    private void visible(long revision) {
      images.reached(revision).whenCompleteAsync((_, _) -> onForgotten(this), loop);
    }
  }
}
