package io.tributary.actors.shard;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.shard.model.Ownership;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.format.ShardOwnerFormat;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Write;
import io.tributary.persistence.model.ShardOwner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One acquisition of one shard: waits until the old owner may be followed ({@link Ownership}), then
 * raises the owner epoch by compare-and-set. Goes on for as long as it takes; confined to the
 * shard's loop.
 */
final class ShardAcquisition {
  private static final Logger LOG = LoggerFactory.getLogger(ShardAcquisition.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(2);
  private static final Duration UNANNOUNCED_PAUSE = Duration.ofMillis(50);
  private static final Duration WAIT_MAX = Duration.ofMillis(250);

  private final ShardKeys keys;
  private final ShardServices services;
  private final EventLoop loop;
  private final Consumer<ShardOwner> acquired;
  private final Backoff backoff;

  /** The owner record that a transaction of unknown outcome may have written. */
  private @Nullable ShardOwner attempted;

  private @Nullable Runnable stopped;
  private boolean saidWaiting;

  ShardAcquisition(
      ShardKeys keys, ShardServices services, EventLoop loop, Consumer<ShardOwner> acquired) {
    this.keys = keys;
    this.services = services;
    this.loop = loop;
    this.acquired = acquired;
    backoff = new Backoff(RETRY_FIRST, RETRY_MAX, services.random());
  }

  /**
   * Only an announced node acquires: others judge an owner by its heartbeat, and one they have
   * never seen could begin to beat while they take its shard.
   */
  void start() {
    if (stopped == null && services.right().term(loop.nanoTime()) == ServingRight.NO_TERM) {
      loop.schedule(UNANNOUNCED_PAUSE, this::start);
      return;
    }
    loop.then(services.metadata().get(keys.owner()), this::onOwner);
  }

  /**
   * Ends the acquisition. What an attempt may have acquired is released first.
   *
   * @param done runs on some loop, once the shard is surely not this acquisition's
   */
  void stop(Runnable done) {
    boolean first = stopped == null;
    stopped = done;
    if (first && attempted == null) {
      done.run();
    }
  }

  private void onOwner(ReadOutcome outcome) {
    if (stopped != null) {
      return;
    }
    switch (outcome) {
      case ReadOutcome.Unknown _ -> loop.schedule(backoff.next(), this::start);
      case ReadOutcome.Read read -> decide(read.first());
    }
  }

  private void decide(Optional<Entry> standing) {
    Optional<ShardOwner> owner = standing.map(entry -> ShardOwnerFormat.read(entry.value()));
    Optional<Heartbeats.Stillness> stillness =
        owner.map(old -> services.heartbeats().of(old.incarnation()));
    OptionalLong stillNanos =
        stillness.map(Heartbeats.Stillness::nanos).orElse(OptionalLong.empty());
    var acquirer =
        new Ownership.Acquirer(services.incarnation(), services.metadata().isExclusive());
    switch (Ownership.decide(owner, stillNanos, acquirer)) {
      case Ownership.Decision.Wait wait -> {
        sayWaiting(owner);
        Duration pause = Duration.ofNanos(wait.nanos());
        loop.schedule(pause.compareTo(WAIT_MAX) < 0 ? pause : WAIT_MAX, this::start);
      }
      case Ownership.Decision.Acquire acquire -> {
        List<Compare> compares = new ArrayList<>();
        compares.add(
            standing
                .<Compare>map(entry -> new Compare.ValueIs(entry.key(), entry.value()))
                .orElseGet(() -> new Compare.Absent(keys.owner())));
        if (acquire.onlyWhileStill()) {
          stillness.flatMap(Heartbeats.Stillness::unchanged).ifPresent(compares::add);
        }
        attempt(acquire.epoch(), compares);
      }
    }
  }

  private void sayWaiting(Optional<ShardOwner> owner) {
    if (!saidWaiting) {
      saidWaiting = true;
      owner.ifPresent(
          old ->
              LOG.info(
                  "Shard {} waits for incarnation {} to release it or to stand still",
                  keys.shard(),
                  old.incarnation()));
    }
  }

  private void attempt(long epoch, List<Compare> compares) {
    ShardOwner mine =
        new ShardOwner(epoch, services.incarnation(), services.random().nextLong(), false);
    attempted = mine;
    Write put = new Write.Put(keys.owner(), ShardOwnerFormat.write(mine));
    send(mine, new Transaction(compares, List.of(put), List.of(keys.owner())));
  }

  private void send(ShardOwner mine, Transaction transaction) {
    loop.then(
        services.metadata().transact(transaction),
        outcome -> {
          switch (outcome) {
            case TransactionOutcome.Applied _ -> onAcquired(mine);
            case TransactionOutcome.Refused refused -> onRefused(mine, refused.entries());
            case TransactionOutcome.Unknown _ ->
                // It may have landed: only the same attempt, sent again, can tell.
                loop.schedule(backoff.next(), () -> send(mine, transaction));
          }
        });
  }

  private void onRefused(ShardOwner mine, List<Entry> standing) {
    Bytes own = ShardOwnerFormat.write(mine);
    if (standing.stream().anyMatch(entry -> entry.value().equals(own))) {
      onAcquired(mine);
      return;
    }
    attempted = null;
    if (stopped != null) {
      stopped.run();
    } else {
      loop.schedule(backoff.next(), this::start);
    }
  }

  private void onAcquired(ShardOwner mine) {
    if (stopped != null) {
      new OwnerRelease(services.metadata(), services.writer().loop(), services.random())
          .release(keys, mine, stopped);
    } else {
      acquired.accept(mine);
    }
  }
}
