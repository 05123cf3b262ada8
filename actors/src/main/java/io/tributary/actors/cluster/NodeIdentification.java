package io.tributary.actors.cluster;

import io.tributary.actors.loop.Backoff;
import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.ClusterIdentityFormat;
import io.tributary.persistence.format.TextRecord;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.TransactionOutcome;
import io.tributary.persistence.metadata.MetadataStore.Write;
import io.tributary.persistence.model.ClusterIdentity;
import io.tributary.persistence.model.ShardCounts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns who this process is: founds the cluster's identity if nobody has, draws an incarnation,
 * and claims the node's broker id. Each step is a compare-and-set that is tried until its outcome
 * is known; an outage of the store only takes time. Confined to its loop; used once.
 */
public final class NodeIdentification {
  private static final Logger LOG = LoggerFactory.getLogger(NodeIdentification.class);
  private static final String INCARNATION_KEY = "incarnation";
  private static final String BROKER_ID_PREFIX = "broker-id/";
  private static final int BROKER_ID_FIRST = 1;
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(2);

  private final MetadataStore store;
  private final EventLoop loop;
  private final RandomGenerator random;
  private final Wanted wanted;
  private final Backoff backoff;
  private final CompletableFuture<NodeIdentity> identified = new CompletableFuture<>();

  /**
   * @param nodeName {@code [A-Za-z0-9._-]+}
   * @param brokerId the id to claim; empty for the one it had, or the lowest free one from 1
   * @param shards for a cluster that does not exist yet
   */
  public record Wanted(String nodeName, OptionalInt brokerId, ShardCounts shards) {}

  public NodeIdentification(
      MetadataStore store, EventLoop loop, RandomGenerator random, Wanted wanted) {
    this.store = store;
    this.loop = loop;
    this.random = random;
    this.wanted = wanted;
    backoff = new Backoff(RETRY_FIRST, RETRY_MAX, random);
  }

  /**
   * @return fails only for what waiting cannot mend: a cluster of a newer format, or a broker id
   *     that another node has
   */
  public CompletionStage<NodeIdentity> identify() {
    loop.execute(this::readCluster);
    return identified;
  }

  private void readCluster() {
    read(
        store.get(ClusterIdentityFormat.KEY),
        this::readCluster,
        entries -> {
          if (entries.isEmpty()) {
            foundCluster();
          } else {
            drawIncarnation(ClusterIdentityFormat.read(entries.getFirst().value()));
          }
        });
  }

  private void foundCluster() {
    ClusterIdentity founded =
        new ClusterIdentity(clusterId(), ClusterIdentity.FORMAT_VERSION, wanted.shards());
    // Whatever the outcome, what stands there afterwards is the cluster's identity.
    put(
        new Compare.Absent(ClusterIdentityFormat.KEY),
        ClusterIdentityFormat.write(founded),
        _ -> readCluster());
  }

  /** A version 4 UUID, in Kafka's text form, which must not begin with a dash. */
  private String clusterId() {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & ~(3L << 62)) | (2L << 62);
    String id = new Uuid(high, low).toString();
    return id.startsWith("-") ? clusterId() : id;
  }

  private void drawIncarnation(ClusterIdentity cluster) {
    read(
        store.get(INCARNATION_KEY),
        () -> drawIncarnation(cluster),
        entries -> {
          Optional<Bytes> standing = entries.stream().findFirst().map(Entry::value);
          long drawn = standing.map(value -> TextRecord.read(value).number("last")).orElse(0L) + 1;
          Compare unchanged =
              standing
                  .<Compare>map(value -> new Compare.ValueIs(INCARNATION_KEY, value))
                  .orElseGet(() -> new Compare.Absent(INCARNATION_KEY));
          put(
              unchanged,
              TextRecord.builder().with("last", drawn).write(),
              outcome -> {
                if (outcome instanceof TransactionOutcome.Applied) {
                  claimBrokerId(cluster, drawn);
                } else {
                  // A number whose draw is unknown is never used: another one is drawn.
                  loop.schedule(backoff.next(), () -> drawIncarnation(cluster));
                }
              });
        });
  }

  private void claimBrokerId(ClusterIdentity cluster, long incarnation) {
    read(
        store.range(BROKER_ID_PREFIX),
        () -> claimBrokerId(cluster, incarnation),
        entries -> {
          TreeMap<Integer, String> claimed = new TreeMap<>();
          for (Entry entry : entries) {
            claimed.put(
                Integer.parseInt(entry.key().substring(BROKER_ID_PREFIX.length())),
                TextRecord.read(entry.value()).text("name"));
          }
          onClaimed(claimed, cluster, incarnation);
        });
  }

  private void onClaimed(
      TreeMap<Integer, String> claimed, ClusterIdentity cluster, long incarnation) {
    OptionalInt own =
        claimed.entrySet().stream()
            .filter(claim -> claim.getValue().equals(wanted.nodeName()))
            .filter(claim -> claim.getKey() == wanted.brokerId().orElse(claim.getKey()))
            .mapToInt(claim -> claim.getKey())
            .findFirst();
    if (own.isPresent()) {
      identified.complete(
          new NodeIdentity(cluster, wanted.nodeName(), incarnation, own.getAsInt()));
      return;
    }
    int id = wanted.brokerId().orElseGet(() -> lowestFree(claimed));
    if (claimed.containsKey(id)) {
      throw new IllegalStateException("broker id " + id + " belongs to node " + claimed.get(id));
    }
    put(
        new Compare.Absent(BROKER_ID_PREFIX + id),
        TextRecord.builder().with("name", wanted.nodeName()).write(),
        _ -> claimBrokerId(cluster, incarnation));
  }

  private static int lowestFree(TreeMap<Integer, String> claimed) {
    int id = BROKER_ID_FIRST;
    while (claimed.containsKey(id)) {
      id++;
    }
    return id;
  }

  private void read(
      CompletionStage<ReadOutcome> reading, Runnable again, Consumer<List<Entry>> next) {
    loop.then(
        reading,
        outcome -> {
          switch (outcome) {
            case ReadOutcome.Unknown unknown -> {
              LOG.warn("The metadata store cannot be reached: {}", unknown.cause().toString());
              loop.schedule(backoff.next(), again);
            }
            case ReadOutcome.Read read -> {
              try {
                next.accept(read.entries());
              } catch (RuntimeException hopeless) {
                identified.completeExceptionally(hopeless);
              }
            }
          }
        });
  }

  private void put(Compare unchanged, Bytes value, Consumer<TransactionOutcome> next) {
    loop.then(
        store.transact(
            new Transaction(
                List.of(unchanged), List.of(new Write.Put(unchanged.key(), value)), List.of())),
        outcome -> {
          switch (outcome) {
            case TransactionOutcome.Applied _, TransactionOutcome.Refused _ -> next.accept(outcome);
            case TransactionOutcome.Unknown _ ->
                loop.schedule(backoff.next(), () -> next.accept(outcome));
          }
        });
  }
}
