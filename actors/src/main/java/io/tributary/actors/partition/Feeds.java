package io.tributary.actors.partition;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.shard.ShardContext;
import io.tributary.persistence.model.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a shard's subscribers what was committed. Confined to the shard's loop. */
final class Feeds {
  /** Past this, a new subscriber takes the place of the one silent for longest. */
  private static final int SUBSCRIBERS_MAX = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);
  private static final Duration BEAT = Duration.ofMillis(PartitionShard.BEAT_MS);
  private static final long SILENCE_MAX_NANOS =
      TimeUnit.SECONDS.toNanos(PartitionShard.SUBSCRIPTION_SECONDS);

  private final ShardContext context;
  private final Map<String, Subscriber> subscribers = new HashMap<>();
  private EventLoop.@Nullable Timer beat;

  Feeds(ShardContext context) {
    this.context = context;
  }

  void start() {
    beat = context.loop().schedule(BEAT, this::beat);
  }

  void stop() {
    if (beat != null) {
      beat.cancel();
    }
    subscribers.clear();
  }

  /**
   * Adds to what {@code id} is subscribed to, beginning with {@code first}, one of each partition.
   */
  void subscribe(String id, FeedSink sink, List<PartitionUpdate> first) {
    Subscriber subscriber = subscribers.computeIfAbsent(id, _ -> new Subscriber());
    makeRoom(id);
    subscriber.sink = sink;
    subscriber.heardAtNanos = context.loop().nanoTime();
    for (PartitionUpdate update : first) {
      subscriber.partitions.add(update.partition());
      subscriber.tell(List.of(update));
    }
  }

  private void makeRoom(String newest) {
    if (subscribers.size() > SUBSCRIBERS_MAX) {
      subscribers.entrySet().stream()
          .filter(entry -> !entry.getKey().equals(newest))
          .min(Comparator.comparingLong(entry -> entry.getValue().heardAtNanos))
          .map(Map.Entry::getKey)
          .ifPresent(subscribers::remove);
    }
  }

  void unsubscribe(String id, List<PartitionId> partitions) {
    Subscriber subscriber = subscribers.get(id);
    if (subscriber != null) {
      partitions.forEach(subscriber.partitions::remove);
    }
  }

  void tell(List<PartitionUpdate> updates) {
    for (Subscriber subscriber : subscribers.values()) {
      List<PartitionUpdate> wanted = new ArrayList<>();
      for (PartitionUpdate update : updates) {
        if (subscriber.partitions.contains(update.partition())) {
          wanted.add(update);
        }
      }
      if (!wanted.isEmpty()) {
        subscriber.tell(wanted);
      }
    }
  }

  /** Without the right to serve the feeds fall silent, and views stop using what they know. */
  private void beat() {
    long nowNanos = context.loop().nanoTime();
    subscribers
        .values()
        .removeIf(subscriber -> nowNanos - subscriber.heardAtNanos > SILENCE_MAX_NANOS);
    if (context.journal().hasRightToServe()) {
      subscribers.values().forEach(subscriber -> subscriber.tell(List.of()));
    }
    start();
  }

  private final class Subscriber {
    private FeedSink sink = _ -> {};
    private final Set<PartitionId> partitions = new HashSet<>();
    private long number;
    private long heardAtNanos;

    void tell(List<PartitionUpdate> updates) {
      number++;
      try {
        sink.tell(new FeedMessage(context.shard(), context.ownerEpoch(), number, updates));
      } catch (RuntimeException failure) {
        LOG.warn("A subscriber of {} could not be told", context.shard(), failure);
      }
    }
  }
}
