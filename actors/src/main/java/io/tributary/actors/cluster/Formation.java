package io.tributary.actors.cluster;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.shard.Heartbeats;
import io.tributary.actors.shard.model.Ownership;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.TextRecord;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Write;
import io.tributary.persistence.model.NodeRecord.Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * Finds the one Pekko cluster of a metadata store, or founds it: the {@code cluster/formation} key
 * names the founder. A founder whose heartbeat stands still is replaced by compare-and-set. Goes on
 * through outages; confined to its loop.
 */
public final class Formation {
  static final String KEY = "cluster/formation";

  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofMillis(500);

  private final MetadataStore store;
  private final Heartbeats heartbeats;
  private final EventLoop loop;
  private final Founder self;
  private final Backoff backoff;
  private final CompletableFuture<Address> found = new CompletableFuture<>();

  /**
   * @param address where it listens for other nodes
   */
  public record Founder(long incarnation, Address address) {
    Bytes write() {
      return TextRecord.builder()
          .with("incarnation", incarnation)
          .with("host", address.host())
          .with("port", address.port())
          .write();
    }

    static Founder read(Bytes bytes) {
      TextRecord fields = TextRecord.read(bytes);
      return new Founder(
          fields.number("incarnation"), new Address(fields.text("host"), fields.integer("port")));
    }
  }

  /** What a formation asks while it runs. */
  public record Sources(MetadataStore store, Heartbeats heartbeats, RandomGenerator random) {}

  public Formation(Sources sources, EventLoop loop, Founder self) {
    store = sources.store();
    heartbeats = sources.heartbeats();
    this.loop = loop;
    this.self = self;
    backoff = new Backoff(RETRY_FIRST, RETRY_MAX, sources.random());
  }

  /** The address to join: another node's, or this one's own. */
  public CompletionStage<Address> find() {
    loop.execute(this::look);
    return found;
  }

  private void look() {
    loop.then(
        store.get(KEY),
        outcome -> {
          switch (outcome) {
            case ReadOutcome.Unknown _ -> again();
            case ReadOutcome.Read read -> onStanding(read.first());
          }
        });
  }

  private void onStanding(Optional<Entry> standing) {
    if (standing.isEmpty()) {
      foundIf(new Compare.Absent(KEY));
      return;
    }
    Bytes value = standing.get().value();
    Founder founder = Founder.read(value);
    if (founder.equals(self)) {
      found.complete(self.address());
    } else if (store.isExclusive() || founder.incarnation() == self.incarnation()) {
      foundIf(new Compare.ValueIs(KEY, value));
    } else {
      onOther(founder, value);
    }
  }

  private void onOther(Founder founder, Bytes value) {
    Heartbeats.Stillness stillness = heartbeats.of(founder.incarnation());
    if (stillness.nanos().orElse(0) >= Ownership.STILL_NANOS) {
      foundIf(new Compare.ValueIs(KEY, value));
    } else if (stillness.moved()) {
      found.complete(founder.address());
    } else {
      again();
    }
  }

  private void foundIf(Compare unchanged) {
    Transaction transaction =
        new Transaction(List.of(unchanged), List.of(new Write.Put(KEY, self.write())), List.of());
    loop.then(
        store.transact(transaction),
        outcome -> {
          switch (outcome) {
            case TransactionOutcome.Applied _ -> found.complete(self.address());
            // Whoever it is that stands there now: the next look tells.
            case TransactionOutcome.Refused _, TransactionOutcome.Unknown _ -> again();
          }
        });
  }

  private void again() {
    loop.schedule(backoff.next(), this::look);
  }
}
