package io.tributary.actors.view;

import io.tributary.persistence.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The place of one partition's view. What is volatile is read by any thread; the rest is confined
 * to the views' loop.
 */
final class ViewSlot {
  final PartitionId partition;
  final ShardFeed feed;

  /** Registrations to be told of changes; added and removed by any thread. */
  final Set<Runnable> wakes = ConcurrentHashMap.newKeySet();

  /** The highest high watermark that any client of this node was shown. */
  private final AtomicLong shownHighWatermark = new AtomicLong();

  /** Confined to the loop: who waits for the view to become current. */
  private final List<CompletableFuture<Optional<PartitionView>>> awaiting = new ArrayList<>(0);

  private volatile @Nullable PartitionView view;
  private volatile boolean current;
  private volatile long lastReadNanos;

  /** Confined to the loop. */
  private boolean asked;

  private long askedNanos;

  ViewSlot(PartitionId partition, ShardFeed feed, long nowNanos) {
    this.partition = partition;
    this.feed = feed;
    this.lastReadNanos = nowNanos;
  }

  /** Any thread: the view if it may be used now. */
  @Nullable PartitionView usable(long nowNanos) {
    lastReadNanos = nowNanos;
    return current && feed.isHeard(nowNanos) ? view : null;
  }

  /** Any thread. */
  long readNanos() {
    return lastReadNanos;
  }

  /** Any thread: raises what clients were shown, and gives what they may be shown now. */
  long show(long highWatermark) {
    long shown = shownHighWatermark.get();
    return highWatermark <= shown
        ? shown
        : shownHighWatermark.accumulateAndGet(highWatermark, Math::max);
  }

  boolean isCurrent() {
    return current;
  }

  /** The last known view, also one that is not current. */
  @Nullable PartitionView lastView() {
    return view;
  }

  void becomeCurrent(PartitionView fresh) {
    view = fresh;
    current = true;
    asked = false;
    awaiting.forEach(waiting -> waiting.complete(Optional.of(fresh)));
    awaiting.clear();
    wakeAll();
  }

  void advance(PartitionView next) {
    view = next;
    wakeAll();
  }

  /** Not used until the next snapshot. */
  void distrust() {
    current = false;
    asked = false;
  }

  void await(CompletableFuture<Optional<PartitionView>> waiting) {
    awaiting.add(waiting);
  }

  // Whoever waits is that very future; futures have no other equality.
  @SuppressWarnings("ReferenceEquality")
  void giveUp(CompletableFuture<Optional<PartitionView>> waiting) {
    awaiting.removeIf(one -> one == waiting);
    waiting.complete(Optional.empty());
  }

  /** The partition is no more, or the node stops. */
  void end() {
    current = false;
    awaiting.forEach(waiting -> waiting.complete(Optional.empty()));
    awaiting.clear();
    wakeAll();
  }

  boolean isAwaited() {
    return !awaiting.isEmpty() || !wakes.isEmpty();
  }

  /** Whether a snapshot is due that nobody has asked for, or long enough ago to ask again. */
  boolean needsSnapshot(long nowNanos, long againAfterNanos) {
    return !current && (!asked || nowNanos - askedNanos >= againAfterNanos);
  }

  void askedForSnapshot(long nowNanos) {
    asked = true;
    askedNanos = nowNanos;
  }

  private void wakeAll() {
    wakes.forEach(Runnable::run);
  }
}
