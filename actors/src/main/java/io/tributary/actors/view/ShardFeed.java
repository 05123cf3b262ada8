package io.tributary.actors.view;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.partition.FeedMessage;
import io.tributary.actors.partition.FeedSink;
import io.tributary.actors.partition.PartitionRequest.Subscribe;
import io.tributary.actors.partition.PartitionRequest.Unsubscribe;
import io.tributary.actors.partition.PartitionUpdate;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ShardId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the feed of one shard for the partitions that this node's clients read. Whatever is
 * missed (a number, an owner, 2 s of beats) makes it subscribe to all again, as a new subscriber,
 * so that messages of before cannot be mixed up with those of after. Confined to the views' loop,
 * but for {@link #isHeard}.
 */
final class ShardFeed {
  private static final Logger LOG = LoggerFactory.getLogger(ShardFeed.class);

  /** A third of the time after which the owner forgets a subscriber. */
  private static final long RENEW_NANOS = 10_000_000_000L;

  private final ShardId shard;
  private final String subscriberName;
  private final ShardRouter router;
  private final EventLoop loop;
  private final ViewSettings settings;
  private final Map<PartitionId, ViewSlot> slots = new HashMap<>();

  private volatile long heardNanos;

  private long subscription;
  private long ownerEpoch;
  private long lastNumber;
  private boolean following;
  private boolean asking;
  private boolean askAtOnceAfter;
  private long askedNanos;

  ShardFeed(ShardId shard, ViewsContext context) {
    this.shard = shard;
    this.subscriberName = context.subscriber();
    this.router = context.router();
    this.loop = context.loop();
    this.settings = context.settings();
    this.heardNanos = loop.nanoTime();
  }

  /** Any thread. */
  boolean isHeard(long nowNanos) {
    return nowNanos - heardNanos < settings.silence().toNanos();
  }

  ShardId shard() {
    return shard;
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  void add(ViewSlot slot) {
    slots.put(slot.partition, slot);
    askForMissing();
  }

  /** Nobody reads these any more. */
  void remove(List<PartitionId> partitions) {
    partitions.forEach(slots::remove);
    router.ask(shard, new Unsubscribe(subscriber(), partitions), settings.askTimeout());
  }

  /** Looks after silence and renewal; called every beat. */
  void onTick() {
    long now = loop.nanoTime();
    if (following && !isHeard(now)) {
      startOver("nothing was heard for " + settings.silence());
    } else if (following && now - askedNanos >= RENEW_NANOS) {
      ask(List.of());
    } else {
      askForMissing();
    }
  }

  /** A reader found the index to be wrong: an object it names is gone. */
  void distrust(ViewSlot slot) {
    if (slot.isCurrent()) {
      slot.distrust();
      askForMissing();
    }
  }

  private void onMessage(long ofSubscription, FeedMessage message) {
    if (ofSubscription != subscription || message.ownerEpoch() < ownerEpoch) {
      return;
    }
    if (following && message.ownerEpoch() > ownerEpoch) {
      startOver("the shard has a new owner");
      return;
    }
    if (following && message.number() <= lastNumber) {
      return;
    }
    if (following && message.number() != lastNumber + 1) {
      startOver("message " + (lastNumber + 1) + " was missed");
      return;
    }
    following = true;
    ownerEpoch = message.ownerEpoch();
    lastNumber = message.number();
    heardNanos = loop.nanoTime();
    for (PartitionUpdate update : message.updates()) {
      ViewSlot slot = slots.get(update.partition());
      if (slot != null) {
        apply(slot, update);
      }
    }
  }

  private void apply(ViewSlot slot, PartitionUpdate update) {
    PartitionView view = slot.lastView();
    switch (update) {
      case PartitionUpdate.Snapshot snapshot -> {
        if (view != null && snapshot.highWatermark() < view.highWatermark()) {
          LOG.error(
              "A snapshot of {} ends at {}, but {} was already committed: it is not used",
              slot.partition,
              snapshot.highWatermark(),
              view.highWatermark());
          return;
        }
        slot.becomeCurrent(PartitionView.of(snapshot));
      }
      case PartitionUpdate.Committed committed -> {
        if (view == null || !slot.isCurrent()) {
          return;
        }
        if (view.continuesWith(committed)) {
          slot.advance(view.with(committed));
        } else {
          distrust(slot);
        }
      }
      case PartitionUpdate.Paged paged -> {
        if (view != null && slot.isCurrent()) {
          slot.advance(view.with(paged));
        }
      }
      case PartitionUpdate.Deleted _ -> slot.end();
    }
  }

  private void startOver(String why) {
    LOG.debug("Subscribing to {} again: {}", shard, why);
    router.ask(
        shard, new Unsubscribe(subscriber(), List.copyOf(slots.keySet())), settings.askTimeout());
    subscription++;
    following = false;
    slots.values().forEach(ViewSlot::distrust);
    askForMissing();
  }

  private void askForMissing() {
    if (asking) {
      askAtOnceAfter = true;
      return;
    }
    long now = loop.nanoTime();
    List<PartitionId> missing = new ArrayList<>();
    for (ViewSlot slot : slots.values()) {
      if (slot.needsSnapshot(now, settings.askTimeout().toNanos())) {
        slot.askedForSnapshot(now);
        missing.add(slot.partition);
      }
    }
    if (!missing.isEmpty()) {
      ask(missing);
    }
  }

  private void ask(List<PartitionId> partitions) {
    asking = true;
    askedNanos = loop.nanoTime();
    long asSubscription = subscription;
    FeedSink sink = message -> loop.execute(() -> onMessage(asSubscription, message));
    loop.whenDone(
        router.ask(shard, new Subscribe(subscriber(), partitions, sink), settings.askTimeout()),
        (_, _) -> onAsked());
  }

  /** A refusal needs no more than an answer does: what has no snapshot is asked for on a tick. */
  private void onAsked() {
    asking = false;
    if (askAtOnceAfter) {
      askAtOnceAfter = false;
      askForMissing();
    }
  }

  private String subscriber() {
    return subscriberName + "#" + subscription;
  }
}
