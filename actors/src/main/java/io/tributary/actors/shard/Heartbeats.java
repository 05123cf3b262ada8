package io.tributary.actors.shard;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.shard.model.HeartbeatHistory;
import io.tributary.actors.shard.model.HeartbeatHistory.Look;
import io.tributary.persistence.format.NodeRecordFormat;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.model.NodeRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Watches the heartbeats of all nodes, always, so that waiting for one to have stood still runs
 * beside the detection of failures, not after it. Confined to a loop; {@link #of} may be asked on
 * any thread.
 */
public final class Heartbeats {
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final MetadataStore store;
  private final EventLoop loop;
  private volatile Seen seen = new Seen(HeartbeatHistory.empty(), Map.of());
  private boolean closed;

  public Heartbeats(MetadataStore store, EventLoop loop) {
    this.store = store;
    this.loop = loop;
  }

  private record Seen(HeartbeatHistory history, Map<Long, Compare> unchanged) {}

  /**
   * @param nanos for how long the heartbeat has been seen standing still; empty when it is not
   *     watched yet (from now on it is)
   * @param moved whether it was seen going on
   * @param unchanged holds as long as the heartbeat does not go on; empty when it never can
   */
  public record Stillness(OptionalLong nanos, boolean moved, Optional<Compare> unchanged) {}

  public void start() {
    loop.execute(this::look);
  }

  public void stop() {
    loop.execute(() -> closed = true);
  }

  public Stillness of(long incarnation) {
    Seen now = seen;
    OptionalLong nanos = now.history().stillNanos(incarnation);
    if (nanos.isEmpty()) {
      loop.execute(() -> seen = new Seen(seen.history().watching(incarnation), seen.unchanged()));
    }
    return new Stillness(
        nanos,
        now.history().hasMoved(incarnation),
        Optional.ofNullable(now.unchanged().get(incarnation)));
  }

  private void look() {
    if (closed) {
      return;
    }
    long sentNanos = loop.nanoTime();
    store
        .range(NodeRecordFormat.KEY_PREFIX)
        .whenCompleteAsync(
            (outcome, _) -> {
              if (outcome instanceof ReadOutcome.Read read) {
                onSeen(read, sentNanos);
              }
              loop.schedule(LOOK_EVERY, this::look);
            },
            loop);
  }

  private void onSeen(ReadOutcome.Read read, long sentNanos) {
    Map<Long, Long> heartbeats = new HashMap<>();
    Map<Long, Compare> unchanged = new HashMap<>();
    for (Entry entry : read.entries()) {
      NodeRecord node = NodeRecordFormat.read(entry.value());
      heartbeats.put(node.incarnation(), node.heartbeat());
      unchanged.put(node.incarnation(), new Compare.VersionIs(entry.key(), entry.version()));
    }
    Look look = new Look(heartbeats, sentNanos, loop.nanoTime());
    seen = new Seen(seen.history().after(look), Map.copyOf(unchanged));
  }
}
