package io.tributary.actors.view;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.partition.FeedMessage;
import io.tributary.actors.partition.FeedSink;
import io.tributary.actors.partition.LatestAnswer;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.partition.PartitionUpdate;
import io.tributary.actors.shard.ShardRequest;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.actors.shard.ShardUnavailable;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.IndexFormat;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PageId;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.objects.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The owners of all shards, as far as readers see them: they hold the true logs, answer Latest, and
 * feed subscribers. A test says which messages get lost, and when another owner takes over.
 */
final class FakeOwners implements ShardRouter {
  private static final Duration BEAT = Duration.ofMillis(500);

  private final EventLoop loop;
  private final Map<PartitionId, TrueLog> logs = new HashMap<>();
  private final Map<String, Subscriber> subscribers = new LinkedHashMap<>();
  private Predicate<FeedMessage> loses = _ -> false;
  private Supplier<Duration> delays = () -> Duration.ZERO;
  private boolean reachable = true;
  private boolean beating = true;
  private long ownerEpoch = 1;
  private long pages;
  int snapshotsGiven;
  int latestAsked;

  FakeOwners(EventLoop loop) {
    this.loop = loop;
    loop.schedule(BEAT, this::beat);
  }

  /** What is true of one partition. */
  static final class TrueLog {
    long logStartOffset;
    long highWatermark;
    final List<IndexEntry> entries = new ArrayList<>();
    final List<IndexRun> paged = new ArrayList<>();
  }

  private static final class Subscriber {
    final ShardId shard;
    final FeedSink sink;
    final Set<PartitionId> partitions = new HashSet<>();
    long number;

    Subscriber(ShardId shard, FeedSink sink) {
      this.shard = shard;
      this.sink = sink;
    }
  }

  TrueLog log(PartitionId partition) {
    return logs.computeIfAbsent(partition, _ -> new TrueLog());
  }

  int subscriptions() {
    return subscribers.values().stream().mapToInt(one -> one.partitions.size()).sum();
  }

  void lose(Predicate<FeedMessage> which) {
    loses = which;
  }

  /** How long each message is under way: they may overtake each other. */
  void delay(Supplier<Duration> byHowLong) {
    delays = byHowLong;
  }

  void setReachable(boolean answer) {
    reachable = answer;
  }

  void setBeating(boolean beats) {
    beating = beats;
  }

  /** A new owner knows every commit, and no subscriber. */
  void changeOwner() {
    ownerEpoch++;
    subscribers.clear();
  }

  void commit(PartitionId partition, IndexEntry entry) {
    TrueLog log = log(partition);
    log.entries.add(entry);
    log.highWatermark = entry.nextOffset();
    feed(
        new PartitionUpdate.Committed(
            partition, log.logStartOffset, log.highWatermark, List.of(entry)));
  }

  /** Known to the owner, but no subscriber is told. */
  void commitSilently(PartitionId partition, IndexEntry entry) {
    TrueLog log = log(partition);
    log.entries.add(entry);
    log.highWatermark = entry.nextOffset();
  }

  void moveLogStart(PartitionId partition, long logStartOffset) {
    TrueLog log = log(partition);
    log.logStartOffset = logStartOffset;
    log.entries.removeIf(entry -> entry.nextOffset() <= logStartOffset);
    feed(new PartitionUpdate.Committed(partition, logStartOffset, log.highWatermark, List.of()));
  }

  /** A checkpoint: the oldest {@code count} entries that are in memory stand in a page now. */
  void page(PartitionId partition, int count, ObjectStore store) {
    TrueLog log = log(partition);
    List<IndexEntry> moved = log.entries.subList(0, count);
    Bytes bytes = IndexFormat.encodeEntries(partition, moved);
    PageId page = new PageId(0, ownerEpoch, ++pages);
    store.putIfAbsent(ObjectNames.page(page), List.of(bytes));
    log.paged.add(
        new IndexRun(
            page,
            0,
            bytes.length(),
            0,
            count,
            moved.getFirst().baseOffset(),
            moved.getLast().nextOffset(),
            moved.stream().mapToLong(IndexEntry::lengthBytes).sum(),
            moved.stream().mapToLong(IndexEntry::maxTimestampMs).max().orElse(-1)));
    moved.clear();
    feed(new PartitionUpdate.Paged(partition, List.copyOf(log.paged)));
  }

  void delete(PartitionId partition) {
    feed(new PartitionUpdate.Deleted(partition));
  }

  @Override
  @SuppressWarnings("unchecked")
  public <A> CompletionStage<A> ask(ShardId shard, ShardRequest<A> request, Duration timeout) {
    CompletableFuture<A> answer = new CompletableFuture<>();
    if (!reachable) {
      loop.schedule(
          timeout, () -> answer.completeExceptionally(new ShardUnavailable(shard, "cut off")));
      return answer;
    }
    loop.execute(() -> answer.complete((A) answer(shard, (PartitionRequest<?>) request)));
    return answer;
  }

  private Object answer(ShardId shard, PartitionRequest<?> request) {
    return switch (request) {
      case PartitionRequest.Subscribe(var name, var partitions, var sink) -> {
        Subscriber subscriber = subscribers.computeIfAbsent(name, _ -> new Subscriber(shard, sink));
        subscriber.partitions.addAll(partitions);
        List<PartitionUpdate> snapshots = new ArrayList<>();
        partitions.forEach(partition -> snapshots.add(snapshot(partition)));
        if (!snapshots.isEmpty()) {
          tell(subscriber, snapshots);
        }
        yield new PartitionRequest.Subscribed(ownerEpoch);
      }
      case PartitionRequest.Unsubscribe(var name, var partitions) -> {
        Subscriber subscriber = subscribers.get(name);
        if (subscriber != null) {
          partitions.forEach(subscriber.partitions::remove);
          if (subscriber.partitions.isEmpty()) {
            subscribers.remove(name);
          }
        }
        yield new PartitionRequest.Done();
      }
      case PartitionRequest.Latest(var partition) -> {
        latestAsked++;
        TrueLog log = log(partition);
        yield new LatestAnswer.Watermarks(log.logStartOffset, log.highWatermark);
      }
      default -> throw new AssertionError("readers do not ask " + request);
    };
  }

  private PartitionUpdate snapshot(PartitionId partition) {
    snapshotsGiven++;
    TrueLog log = log(partition);
    return new PartitionUpdate.Snapshot(
        partition,
        log.logStartOffset,
        log.highWatermark,
        List.copyOf(log.paged),
        List.copyOf(log.entries));
  }

  private void feed(PartitionUpdate update) {
    for (Subscriber subscriber : List.copyOf(subscribers.values())) {
      if (subscriber.partitions.contains(update.partition())) {
        tell(subscriber, List.of(update));
      }
    }
  }

  private void beat() {
    if (beating) {
      List.copyOf(subscribers.values()).forEach(subscriber -> tell(subscriber, List.of()));
    }
    loop.schedule(BEAT, this::beat);
  }

  private void tell(Subscriber subscriber, List<PartitionUpdate> updates) {
    FeedMessage message =
        new FeedMessage(subscriber.shard, ownerEpoch, ++subscriber.number, updates);
    if (!loses.test(message)) {
      loop.schedule(delays.get(), () -> subscriber.sink.tell(message));
    }
  }
}
