package io.tributary.actors.cluster;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.shard.ServingRight;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.NodeRecordFormat;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Write;
import io.tributary.persistence.model.NodeRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@code node/<name>} alive: announces this incarnation, writes its next heartbeat every
 * second, and renews the node's right to serve with each one the store confirms. Outages are waited
 * out. Confined to its loop.
 *
 * <p>A newer incarnation of the same name takes the key; this one then hears that it is superseded
 * and must end: it never writes the key again.
 */
public final class NodeRegistration {
  private static final Logger LOG = LoggerFactory.getLogger(NodeRegistration.class);
  private static final Duration RENEW_EVERY = Duration.ofSeconds(1);
  private static final Duration TICK_EVERY = Duration.ofMillis(500);
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofMillis(500);

  private final MetadataStore store;
  private final EventLoop loop;
  private final ServingRight right;
  private final Backoff backoff;
  private final CompletableFuture<Void> announced = new CompletableFuture<>();
  private final CompletableFuture<Void> superseded = new CompletableFuture<>();

  /** What the key holds, as far as is known; empty before the first confirmed heartbeat. */
  private Optional<Bytes> confirmed = Optional.empty();

  private boolean ended;

  public NodeRegistration(
      MetadataStore store, EventLoop loop, ServingRight right, RandomGenerator random) {
    this.store = store;
    this.loop = loop;
    this.right = right;
    backoff = new Backoff(RETRY_FIRST, RETRY_MAX, random);
  }

  /**
   * Announces the node and keeps it alive from then on. Called once.
   *
   * @param node its heartbeat is ignored
   * @return completes when the store has confirmed the first heartbeat
   */
  public CompletionStage<Void> announce(NodeRecord node) {
    loop.execute(
        () -> {
          tick();
          look(node.withHeartbeat(1));
        });
    return announced;
  }

  /** Completes when a newer incarnation has taken this node's name: the process must end. */
  public CompletionStage<Void> superseded() {
    return superseded;
  }

  /**
   * Stops renewing and takes the node out of the list, if the store can be reached.
   *
   * @param name of the node that was announced
   * @return completes in any case
   */
  public CompletionStage<Void> withdraw(String name) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          end();
          confirmed.ifPresentOrElse(
              own -> delete(NodeRecordFormat.key(name), own, done), () -> done.complete(null));
        });
    return done;
  }

  private void delete(String key, Bytes own, CompletableFuture<Void> done) {
    Transaction transaction =
        new Transaction(
            List.of(new Compare.ValueIs(key, own)), List.of(new Write.Delete(key)), List.of());
    loop.then(store.transact(transaction), _ -> done.complete(null));
  }

  private void tick() {
    if (!ended) {
      right.tick(loop.nanoTime());
      loop.schedule(TICK_EVERY, this::tick);
    }
  }

  /** What stands at the key before the first heartbeat: nothing, or an earlier incarnation. */
  private void look(NodeRecord first) {
    if (ended) {
      return;
    }
    loop.then(
        store.get(NodeRecordFormat.key(first.name())),
        outcome -> {
          switch (outcome) {
            case ReadOutcome.Unknown unknown -> {
              LOG.warn("The metadata store cannot be reached: {}", unknown.cause().toString());
              loop.schedule(backoff.next(), () -> look(first));
            }
            case ReadOutcome.Read read -> announce(first, read.first());
          }
        });
  }

  private void announce(NodeRecord first, Optional<Entry> standing) {
    Optional<NodeRecord> before = standing.map(entry -> NodeRecordFormat.read(entry.value()));
    if (before.isPresent() && before.get().incarnation() > first.incarnation()) {
      toSuperseded(first);
      return;
    }
    Compare unchanged =
        standing
            .<Compare>map(entry -> new Compare.ValueIs(entry.key(), entry.value()))
            .orElseGet(() -> new Compare.Absent(NodeRecordFormat.key(first.name())));
    send(new Beat(first, unchanged, loop.nanoTime()));
  }

  /** One heartbeat; sent again as it is until its outcome is known. */
  private record Beat(NodeRecord node, Compare unchanged, long sentNanos) {
    Bytes value() {
      return NodeRecordFormat.write(node);
    }

    Transaction transaction() {
      return new Transaction(
          List.of(unchanged),
          List.of(new Write.Put(unchanged.key(), value())),
          List.of(unchanged.key()));
    }
  }

  private void send(Beat beat) {
    if (ended) {
      return;
    }
    loop.then(
        store.transact(beat.transaction()),
        outcome -> {
          if (ended) {
            return;
          }
          switch (outcome) {
            case TransactionOutcome.Applied _ -> onConfirmed(beat);
            case TransactionOutcome.Refused refused -> onRefused(beat, refused.entries());
            case TransactionOutcome.Unknown _ -> loop.schedule(backoff.next(), () -> send(beat));
          }
        });
  }

  private void onConfirmed(Beat beat) {
    backoff.reset();
    Bytes value = beat.value();
    confirmed = Optional.of(value);
    // Counted from when the heartbeat was first sent: it may have landed then.
    right.renewed(beat.sentNanos(), loop.nanoTime());
    announced.complete(null);
    long passedNanos = loop.nanoTime() - beat.sentNanos();
    Duration left = RENEW_EVERY.minusNanos(passedNanos);
    NodeRecord next = beat.node().withHeartbeat(beat.node().heartbeat() + 1);
    loop.schedule(
        left.isNegative() ? Duration.ZERO : left,
        () ->
            send(
                new Beat(
                    next, new Compare.ValueIs(beat.unchanged().key(), value), loop.nanoTime())));
  }

  private void onRefused(Beat beat, List<Entry> standing) {
    Optional<Bytes> there = standing.stream().findFirst().map(Entry::value);
    if (there.equals(Optional.of(beat.value()))) {
      onConfirmed(beat);
    } else if (confirmed.isEmpty()) {
      look(beat.node());
    } else {
      // Another incarnation, or somebody who deleted it: either may have taken the shards since.
      toSuperseded(beat.node());
    }
  }

  private void toSuperseded(NodeRecord node) {
    LOG.error(
        "Node {} was started again elsewhere: incarnation {} ends",
        node.name(),
        node.incarnation());
    end();
    superseded.complete(null);
  }

  private void end() {
    ended = true;
    right.withdraw(loop.nanoTime());
  }
}
