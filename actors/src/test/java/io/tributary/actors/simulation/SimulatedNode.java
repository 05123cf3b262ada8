package io.tributary.actors.simulation;

import io.tributary.actors.cluster.NodeRegistration;
import io.tributary.actors.intake.Intake;
import io.tributary.actors.intake.IntakeSettings;
import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.partition.PartitionEnvironment;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.partition.PartitionShard;
import io.tributary.actors.partition.model.ProducerLimits;
import io.tributary.actors.shard.CheckpointSettings;
import io.tributary.actors.shard.FencedWriter;
import io.tributary.actors.shard.Heartbeats;
import io.tributary.actors.shard.ServingRight;
import io.tributary.actors.shard.ShardContext;
import io.tributary.actors.shard.ShardDefinition;
import io.tributary.actors.shard.ShardHost;
import io.tributary.actors.shard.ShardReply;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.actors.shard.ShardRuntime;
import io.tributary.actors.shard.ShardServices;
import io.tributary.actors.view.PartitionViews;
import io.tributary.actors.view.ReadResources;
import io.tributary.actors.view.ViewLogReader;
import io.tributary.actors.view.ViewSettings;
import io.tributary.actors.view.ViewsContext;
import io.tributary.persistence.cache.BlockCache;
import io.tributary.persistence.cache.FooterCache;
import io.tributary.persistence.cache.PageReader;
import io.tributary.persistence.format.ShardKeys;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.model.NodeRecord;
import io.tributary.persistence.model.NodeRecord.Address;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.objects.ObjectStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One incarnation of a node: the production classes, composed as the broker composes them. */
final class SimulatedNode {
  private static final long CACHE_BYTES = 64L * 1024 * 1024;

  /** Small objects, and many. */
  private static final IntakeSettings INTAKE =
      new IntakeSettings(2_000, Duration.ofMillis(50), 40, 4);

  final SimulatedProcess process;
  final String name;
  final long incarnation;
  final StoreLink objectLink;
  final StoreLink metadataLink;

  /** Where the connections of clients are served. */
  final SimulatedLoop connections;

  /** Where answers of other nodes arrive. */
  final SimulatedLoop network;

  /** How this node asks shards. */
  final ShardRouter router;

  final Intake intake;
  final ViewLogReader reader;
  private final World world;
  private final NodeRegistration registration;
  private final ShardServices services;
  private final ShardDefinition<PartitionRequest<?>, Object> definition;
  private final Map<ShardId, HostedShard> hosted = new HashMap<>();

  SimulatedNode(World world, SimulatedProcess process, String name, long incarnation) {
    this.world = world;
    this.process = process;
    this.name = name;
    this.incarnation = incarnation;
    Sabotage sabotage = world.sabotage();
    var surroundings =
        new Sabotage.Surroundings(world.time(), process, world.stores(), process.random());
    objectLink = new StoreLink(world.time(), process, world.faults(), StoreLink.Kind.OBJECTS);
    metadataLink = new StoreLink(world.time(), process, world.faults(), StoreLink.Kind.METADATA);
    MetadataStore metadata =
        sabotage.metadata(
            new LinkedMetadataStore(world.stores(), metadataLink, world.faults()), surroundings);
    ObjectStore objects =
        sabotage.objects(
            new LinkedObjectStore(world.stores(), objectLink, world.faults()), surroundings);
    connections = process.loop("connections");
    network = process.loop("network");
    router = sabotage.router(new SimulatedRouter(world, this), surroundings);
    SplittableRandom random = process.random();

    EventLoop nodeLoop = process.loop("node");
    ServingRight right = ServingRight.renewable(nodeLoop.nanoTime());
    registration = new NodeRegistration(metadata, nodeLoop, right, random);
    Heartbeats heartbeats = new Heartbeats(metadata, nodeLoop);
    FencedWriter writer = new FencedWriter(metadata, process.loop("writer"), random);
    services =
        new ShardServices(
            metadata, objects, writer, heartbeats, sabotage.right(right), incarnation, random);

    ShardCounts counts = World.SHARDS;
    BlockCache blocks = new BlockCache(objects, CACHE_BYTES);
    PageReader pages = new PageReader(objects, CACHE_BYTES);
    FooterCache footers = new FooterCache(objects, counts, CACHE_BYTES);
    PartitionEnvironment environment =
        new PartitionEnvironment(objects, footers, pages, ProducerLimits.DEFAULT);
    CheckpointSettings checkpoints =
        new CheckpointSettings(world.checkpointRecords(), 1024 * 1024, Duration.ofSeconds(5));
    definition =
        new ShardDefinition<>(
            sabotage.logic(
                new WatchedLogic.Factory(PartitionShard.factory(environment), world.faults()),
                surroundings),
            checkpoints);

    intake =
        new Intake(
            INTAKE,
            incarnation,
            new Intake.Surroundings(
                process.loop("intake"), objects, blocks, router, counts, random, world::onBroken));
    EventLoop viewsLoop = process.loop("views");
    PartitionViews views =
        new PartitionViews(
            new ViewsContext(viewsLoop, router, name + "." + incarnation, ViewSettings.DEFAULT),
            counts);
    views.start();
    reader =
        new ViewLogReader(views, new ReadResources(blocks, pages, viewsLoop, process.loop("cpu")));
    heartbeats.start();
    registration.announce(record());
    var _ = registration.superseded().whenComplete((_, _) -> world.onSuperseded(this));
  }

  private NodeRecord record() {
    Address nowhere = new Address("127.0.0.1", 1);
    return new NodeRecord(name, incarnation, 1, nowhere, nowhere, "", "", "simulated", 0, 0);
  }

  /** This node is to own the shard. */
  void host(ShardId shard) {
    HostedShard known = hosted.get(shard);
    if (known == null) {
      HostedShard host = new HostedShard(shard);
      hosted.put(shard, host);
      host.loop.execute(host.runtime::start);
    }
  }

  /** An orderly hand-over: {@code released} runs once the shard is let go. */
  void release(ShardId shard, Runnable released) {
    HostedShard host = hosted.remove(shard);
    if (host == null) {
      released.run();
    } else {
      host.loop.execute(() -> host.runtime.release(released));
    }
  }

  /**
   * An orderly stop: what was taken in is decided, shards are let go, the name is given up.
   *
   * @param letGo told of each shard
   */
  void stop(Consumer<ShardId> letGo, Runnable stopped) {
    var _ =
        intake
            .drain()
            .whenComplete(
                (_, _) -> {
                  List<ShardId> all = List.copyOf(new TreeMap<>(hosted).keySet());
                  AtomicInteger left = new AtomicInteger(all.size() + 1);
                  Runnable next =
                      () -> {
                        if (left.decrementAndGet() == 0) {
                          registration.withdraw(name).whenComplete((_, _) -> stopped.run());
                        }
                      };
                  for (ShardId shard : all) {
                    release(
                        shard,
                        () -> {
                          letGo.accept(shard);
                          next.run();
                        });
                  }
                  next.run();
                });
  }

  /** As when a shard's actor is stopped without being asked. */
  void drop(ShardId shard) {
    HostedShard host = hosted.remove(shard);
    if (host != null) {
      host.loop.execute(host.runtime::kill);
    }
  }

  boolean hosts(ShardId shard) {
    return hosted.containsKey(shard);
  }

  void onAsk(ShardId shard, PartitionRequest<?> request, ShardReply<Object> reply) {
    HostedShard host = hosted.get(shard);
    if (host == null) {
      reply.unavailable("it is not here");
    } else {
      host.loop.execute(() -> host.runtime.onRequest(request, reply));
    }
  }

  @Override
  public String toString() {
    return name + "." + incarnation;
  }

  /** The shell of one shard. */
  private final class HostedShard implements ShardHost {
    private final SimulatedLoop loop;
    private final ShardRuntime<PartitionRequest<?>, Object> runtime;

    HostedShard(ShardId shard) {
      loop = process.loop(shard.toString());
      runtime = new ShardRuntime<>(new ShardKeys(shard), definition, services, this);
      loop.onFailure(this::onBroken);
    }

    private void onBroken(Throwable failure) {
      world.onShardBroken(SimulatedNode.this, failure);
      runtime.onBroken(failure);
    }

    @Override
    public EventLoop loop() {
      return loop;
    }

    @Override
    public ShardContext.ChildLoop startChild(String childName) {
      SimulatedLoop child = process.loop(childName);
      child.onFailure(failure -> loop.execute(() -> onBroken(failure)));
      return child;
    }
  }
}
