package io.tributary.actors.view;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.partition.LatestAnswer.Watermarks;
import io.tributary.actors.partition.PartitionRequest.Latest;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A node's read-only copies of the partitions that its clients read. A partition is subscribed to
 * when it is first read and given up when nobody has read it for a while, so what is kept here is
 * bounded by what is being read. One a node; what changes runs on one loop, reading needs no lock
 * and no loop.
 */
public final class PartitionViews implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(500);

  /** Readers that wait for a view; more are told at once to try again. */
  private static final int WAITS_MAX = 10_000;

  private final ViewsContext context;
  private final EventLoop loop;
  private final ShardCounts shards;
  private final Map<PartitionId, ViewSlot> slots = new ConcurrentHashMap<>();
  private final AtomicInteger waits = new AtomicInteger();

  /** Confined to the loop. */
  private final Map<ShardId, ShardFeed> feeds = new HashMap<>();

  private volatile boolean closed;

  public PartitionViews(ViewsContext context, ShardCounts shards) {
    this.context = context;
    this.loop = context.loop();
    this.shards = shards;
  }

  public void start() {
    loop.schedule(TICK, this::onTick);
  }

  @Override
  public void close() {
    closed = true;
    loop.execute(() -> slots.values().forEach(ViewSlot::end));
  }

  /** The view, if it is known and current. Any thread, no waiting. */
  @Nullable PartitionView usable(PartitionId partition) {
    ViewSlot slot = slots.get(partition);
    return slot == null ? null : slot.usable(loop.nanoTime());
  }

  /** The view as soon as it is current; empty when that takes too long. Any thread. */
  CompletionStage<Optional<PartitionView>> refreshed(PartitionId partition) {
    PartitionView now = usable(partition);
    return now != null
        ? CompletableFuture.completedFuture(Optional.of(now))
        : await(partition, false);
  }

  /**
   * A view made after this call, because what the index says turned out to be wrong; empty when
   * that takes too long. Any thread.
   */
  CompletionStage<Optional<PartitionView>> renewed(PartitionId partition) {
    return await(partition, true);
  }

  /** The newest watermarks by the word of the owner; empty when it gives none. Any thread. */
  CompletionStage<Optional<Watermarks>> latest(PartitionId partition) {
    return context
        .router()
        .ask(shards.shardOf(partition), new Latest(partition), context.settings().askTimeout())
        .handle(
            (answer, _) ->
                answer instanceof Watermarks(long logStart, long highWatermark)
                    ? Optional.of(new Watermarks(logStart, show(partition, highWatermark)))
                    : Optional.empty());
  }

  /**
   * What a client may be told the high watermark is: {@code highWatermark}, or what clients were
   * shown before, when that is more. Any thread.
   */
  long show(PartitionId partition, long highWatermark) {
    ViewSlot slot = slots.get(partition);
    return slot == null ? highWatermark : slot.show(highWatermark);
  }

  /** Any thread. */
  LogReader.Registration onChange(Collection<PartitionId> partitions, Runnable wake) {
    // A runnable of its own, so that two registrations of one wake do not end each other.
    Runnable registered = () -> wake.run();
    List<ViewSlot> watched = new ArrayList<>(partitions.size());
    for (PartitionId partition : partitions) {
      slots.computeIfPresent(
          partition,
          (_, slot) -> {
            slot.wakes.add(registered);
            watched.add(slot);
            return slot;
          });
    }
    return () -> watched.forEach(slot -> slot.wakes.remove(registered));
  }

  private CompletionStage<Optional<PartitionView>> await(PartitionId partition, boolean renew) {
    if (waits.incrementAndGet() > WAITS_MAX || closed) {
      waits.decrementAndGet();
      return CompletableFuture.completedFuture(Optional.empty());
    }
    CompletableFuture<Optional<PartitionView>> waiting = new CompletableFuture<>();
    loop.execute(
        () -> {
          ViewSlot slot = slotOf(partition);
          if (renew) {
            slot.feed.distrust(slot);
          }
          await(slot, waiting);
        });
    return waiting.whenComplete((_, _) -> waits.decrementAndGet());
  }

  private void await(ViewSlot slot, CompletableFuture<Optional<PartitionView>> waiting) {
    PartitionView now = slot.usable(loop.nanoTime());
    if (now != null) {
      waiting.complete(Optional.of(now));
      return;
    }
    slot.await(waiting);
    loop.schedule(context.settings().refreshWait(), () -> slot.giveUp(waiting));
  }

  private ViewSlot slotOf(PartitionId partition) {
    ViewSlot known = slots.get(partition);
    if (known != null) {
      return known;
    }
    ShardId shard = shards.shardOf(partition);
    ShardFeed feed = feeds.computeIfAbsent(shard, _ -> new ShardFeed(shard, context));
    ViewSlot slot = new ViewSlot(partition, feed, loop.nanoTime());
    slots.put(partition, slot);
    feed.add(slot);
    return slot;
  }

  private void onTick() {
    if (closed) {
      return;
    }
    giveUpIdle();
    feeds.values().removeIf(ShardFeed::isEmpty);
    feeds.values().forEach(ShardFeed::onTick);
    loop.schedule(TICK, this::onTick);
  }

  private void giveUpIdle() {
    long now = loop.nanoTime();
    long idleNanos = context.settings().idleAfter().toNanos();
    Map<ShardFeed, List<PartitionId>> idle = new HashMap<>();
    for (PartitionId partition : slots.keySet()) {
      slots.computeIfPresent(
          partition,
          (_, slot) -> {
            if (slot.isAwaited() || now - slot.readNanos() < idleNanos) {
              return slot;
            }
            idle.computeIfAbsent(slot.feed, _ -> new ArrayList<>()).add(partition);
            return null;
          });
    }
    idle.forEach(ShardFeed::remove);
  }
}
