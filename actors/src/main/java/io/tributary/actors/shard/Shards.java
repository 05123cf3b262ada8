package io.tributary.actors.shard;

import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.ShardingMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * The shards of a cluster, seen from one node: Pekko places each kind's shards on the members, this
 * node runs those that fall to it, and requests find them. Every node pings every shard, so that
 * all of them run, also those that nobody asks.
 *
 * <p>A request to a shard of this process goes straight to its actor; any other goes through
 * Pekko's region.
 */
public final class Shards implements ShardRouter, AutoCloseable {
  private static final Duration PING_EVERY = Duration.ofSeconds(2);

  private final ActorSystem<?> system;
  private final ShardCounts counts;
  private final ShardServices services;
  private final LocalShards localShards = new LocalShards();
  private final Map<ShardKind, ActorRef<ShardingEnvelope<ShardMessage>>> regions =
      new ConcurrentHashMap<>();
  private final Cancellable pings;

  public Shards(ActorSystem<?> system, ShardCounts counts, ShardServices services) {
    this.system = system;
    this.counts = counts;
    this.services = services;
    pings =
        system
            .scheduler()
            .scheduleWithFixedDelay(
                PING_EVERY, PING_EVERY, this::pingAll, system.executionContext());
  }

  /** Runs this node's part of the shards of {@code kind}, from now on. */
  public <Q, A> void host(ShardKind kind, ShardDefinition<Q, A> definition) {
    EntityTypeKey<ShardMessage> type = EntityTypeKey.create(ShardMessage.class, kind.keyName());
    ActorRef<ShardingEnvelope<ShardMessage>> region =
        ClusterSharding.get(system)
            .init(
                Entity.of(
                        type,
                        entity ->
                            ShardActor.create(
                                new ShardId(kind, Integer.parseInt(entity.getEntityId())),
                                definition,
                                services,
                                localShards))
                    .withMessageExtractor(new IndexExtractor())
                    .withStopMessage(new ShardMessage.Release())
                    .withEntityProps(DispatcherSelector.fromConfig(ShardActor.DISPATCHER)));
    regions.put(kind, region);
    ping(kind, region);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The stage completes on a thread of the shard's: what is chained to it must not block.
   */
  @Override
  public <A> CompletionStage<A> ask(ShardId shard, ShardRequest<A> request, Duration timeout) {
    CompletableFuture<A> answer = new CompletableFuture<>();
    ShardMessage ask = new ShardMessage.Ask(request, new LocalReply<>(shard, answer));
    Optional<ActorRef<ShardMessage>> local = localShards.find(shard);
    if (local.isPresent()) {
      local.get().tell(ask);
    } else if (!tellRegion(shard, ask)) {
      answer.completeExceptionally(new ShardUnavailable(shard, "its kind is not hosted here"));
      return answer;
    }
    Cancellable timer =
        system
            .scheduler()
            .scheduleOnce(
                timeout,
                () ->
                    answer.completeExceptionally(
                        new ShardUnavailable(shard, "none within " + timeout)),
                system.executionContext());
    var _ = answer.whenComplete((_, _) -> timer.cancel());
    return answer;
  }

  /** Whether the shard's actor runs in this process now; a hint, for placing clients. */
  public boolean isLocal(ShardId shard) {
    return localShards.find(shard).isPresent();
  }

  /** Pings no more; the shards themselves end with the actor system. */
  @Override
  public void close() {
    pings.cancel();
  }

  private boolean tellRegion(ShardId shard, ShardMessage message) {
    ActorRef<ShardingEnvelope<ShardMessage>> region = regions.get(shard.kind());
    if (region == null) {
      return false;
    }
    region.tell(new ShardingEnvelope<>(Integer.toString(shard.index()), message));
    return true;
  }

  private void pingAll() {
    regions.forEach(this::ping);
  }

  private void ping(ShardKind kind, ActorRef<ShardingEnvelope<ShardMessage>> region) {
    for (int index = 0; index < counts.of(kind); index++) {
      region.tell(new ShardingEnvelope<>(Integer.toString(index), new ShardMessage.Ping()));
    }
  }

  /** One entity a shard: Pekko's shard id is the entity's id is our index. */
  private static final class IndexExtractor
      extends ShardingMessageExtractor<ShardingEnvelope<ShardMessage>, ShardMessage> {
    @Override
    public String entityId(ShardingEnvelope<ShardMessage> envelope) {
      return envelope.entityId();
    }

    @Override
    public String shardId(String entityId) {
      return entityId;
    }

    @Override
    public ShardMessage unwrapMessage(ShardingEnvelope<ShardMessage> envelope) {
      return envelope.message();
    }
  }
}
