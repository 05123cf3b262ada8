package io.tributary.actors.shard;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.format.ShardOwnerFormat;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Write;
import io.tributary.persistence.model.ShardOwner;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Marks a shard's owner record released, so that the next owner need not wait for a heartbeat to
 * stand still. Goes on until the outcome is known: while this node lives, its heartbeat would keep
 * everybody else from a shard it no longer serves.
 */
final class OwnerRelease {
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(2);

  private final MetadataStore store;
  private final EventLoop loop;
  private final Backoff backoff;

  OwnerRelease(MetadataStore store, EventLoop loop, RandomGenerator random) {
    this.store = store;
    this.loop = loop;
    backoff = new Backoff(RETRY_FIRST, RETRY_MAX, random);
  }

  /** {@code done} runs on the loop once the shard is released, or turns out to be another's. */
  void release(ShardKeys keys, ShardOwner owner, Runnable done) {
    Transaction transaction =
        new Transaction(
            List.of(new Compare.ValueIs(keys.owner(), ShardOwnerFormat.write(owner))),
            List.of(new Write.Put(keys.owner(), ShardOwnerFormat.write(owner.asReleased()))),
            List.of());
    send(transaction, done);
  }

  private void send(Transaction transaction, Runnable done) {
    loop.then(
        store.transact(transaction),
        outcome -> {
          if (outcome instanceof TransactionOutcome.Unknown) {
            loop.schedule(backoff.next(), () -> send(transaction, done));
          } else {
            done.run();
          }
        });
  }
}
