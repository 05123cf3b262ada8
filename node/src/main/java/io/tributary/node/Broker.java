package io.tributary.node;

import io.tributary.actors.cluster.ClusterImage.BrokerImage;
import io.tributary.actors.cluster.Formation;
import io.tributary.actors.cluster.NodeIdentification;
import io.tributary.actors.cluster.NodeIdentity;
import io.tributary.actors.cluster.NodeRegistration;
import io.tributary.actors.cluster.TributarySystem;
import io.tributary.actors.loop.ThreadEventLoop;
import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.shard.FencedWriter;
import io.tributary.actors.shard.Heartbeats;
import io.tributary.actors.shard.ServingRight;
import io.tributary.actors.shard.ShardServices;
import io.tributary.actors.shard.Shards;
import io.tributary.node.command.Version;
import io.tributary.node.http.ManagementServer;
import io.tributary.node.http.ManagementServer.Page;
import io.tributary.node.metrics.NodeMetrics;
import io.tributary.node.settings.HostPort;
import io.tributary.node.settings.NodeSettings;
import io.tributary.persistence.model.NodeRecord;
import io.tributary.persistence.model.NodeRecord.Address;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import io.tributary.wire.KafkaServer;
import io.tributary.wire.MemoryClass;
import io.tributary.wire.WireSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node: builds the graph with constructors, starts it, and stops it in reverse. */
public final class Broker {
  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
  private static final Duration ANSWER_GRACE = Duration.ofSeconds(5);
  private static final Duration SHARD_ANSWER_MAX = Duration.ofSeconds(5);
  private static final Duration DRAIN_MAX = Duration.ofSeconds(15);
  private static final String LISTENER = "KAFKA";

  private final NodeSettings settings;
  private final NodeMetrics metrics = new NodeMetrics();
  private final Random random = new Random();
  private final ThreadEventLoop registryLoop = new ThreadEventLoop("registry");
  private final ThreadEventLoop journalLoop = new ThreadEventLoop("journal");
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final ManagementServer http;
  private final Stores stores;
  private final TributarySystem system;
  private final Shards shards;
  private final Domain domain;
  private final NodeRegistration registration;
  private final NodeIdentity identity;
  private final KafkaServer kafka;
  private final InetSocketAddress kafkaAddress;
  private volatile boolean ready;

  private Broker(NodeSettings settings) throws IOException {
    this.settings = settings;
    http = ManagementServer.start(settings.http().address(), settings.http().token(), pages());
    stores = Stores.open(settings);
    identity = await(identify());
    system = TributarySystem.start(address(settings.node().clusterAddress()));
    Heartbeats heartbeats = new Heartbeats(stores.metadata(), registryLoop);
    heartbeats.start();
    ServingRight right =
        stores.metadata().isExclusive()
            ? ServingRight.always()
            : ServingRight.renewable(System.nanoTime());
    registration = new NodeRegistration(stores.metadata(), registryLoop, right, random);
    join(heartbeats);
    shards =
        new Shards(
            system.actorSystem(),
            identity.cluster().shards(),
            new ShardServices(
                stores.metadata(),
                stores.objects(),
                new FencedWriter(stores.metadata(), journalLoop, random),
                heartbeats,
                right,
                identity.incarnation(),
                random));
    domain = new Domain(new Domain.Parts(settings, identity, stores, shards, Broker::end));
    await(domain.images().start());
    kafka = new KafkaServer(wireSettings(), KafkaApis.table(domain), metrics);
    kafkaAddress = kafka.start(LISTENER, settings.kafka().address().toSocketAddress());
    announce();
    awaitShards();
    measure();
    ready = true;
  }

  /**
   * Starts a node and returns when it serves.
   *
   * @throws RuntimeException with one line for the operator when it cannot
   */
  public static Broker start(NodeSettings settings) {
    try {
      Broker broker = new Broker(settings);
      Runtime.getRuntime().addShutdownHook(new Thread(broker::stopAndHalt, "shutdown"));
      return broker;
    } catch (IOException e) {
      throw new IllegalStateException(
          "tributary.http.address = " + settings.http().address() + ": " + e.getMessage(), e);
    }
  }

  private CompletionStage<NodeIdentity> identify() {
    return new NodeIdentification(
            stores.metadata(),
            registryLoop,
            random,
            new NodeIdentification.Wanted(nodeName(), OptionalInt.empty(), ShardCounts.DEFAULT))
        .identify();
  }

  private String nodeName() {
    return settings
        .node()
        .name()
        .orElseGet(() -> hostName() + "-" + settings.kafka().address().port());
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private void join(Heartbeats heartbeats) {
    Formation formation =
        new Formation(
            new Formation.Sources(stores.metadata(), heartbeats, random),
            registryLoop,
            new Formation.Founder(identity.incarnation(), system.address()));
    system.join(await(formation.find()));
  }

  private void announce() {
    HostPort clients = clientAddress();
    NodeRecord record =
        new NodeRecord(
            identity.name(),
            identity.incarnation(),
            identity.brokerId(),
            new Address(clients.host(), clients.port()),
            system.address(),
            settings.node().zone().orElse(""),
            settings.node().region().orElse(""),
            Version.current(),
            System.currentTimeMillis(),
            0);
    domain
        .images()
        .onBrokers(
            List.of(
                new BrokerImage(
                    identity.brokerId(), clients.host(), clients.port(), record.zone())));
    await(registration.announce(record));
    var _ = registration.superseded().thenRun(() -> end("a newer process took this node's name"));
  }

  /** Waits until every partition shard has answered, however long its owner takes to recover. */
  private void awaitShards() {
    List<CompletableFuture<?>> answers = new ArrayList<>();
    for (int index = 0; index < identity.cluster().shards().partitions(); index++) {
      answers.add(answerOf(new ShardId(ShardKind.PARTITIONS, index)));
    }
    await(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)));
  }

  private CompletableFuture<?> answerOf(ShardId shard) {
    return shards
        .ask(shard, new PartitionRequest.DescribeSizes(), SHARD_ANSWER_MAX)
        .<CompletableFuture<?>>handle(
            (answer, failure) ->
                failure == null ? CompletableFuture.completedFuture(answer) : answerOf(shard))
        .thenCompose(next -> next)
        .toCompletableFuture();
  }

  private HostPort clientAddress() {
    return settings
        .kafka()
        .advertise()
        .orElseGet(() -> settings.kafka().address().withPort(kafkaAddress.getPort()));
  }

  private static Address address(HostPort address) {
    return new Address(address.host(), address.port());
  }

  private WireSettings wireSettings() {
    WireSettings byDefault = WireSettings.DEFAULT;
    NodeSettings.Kafka kafka = settings.kafka();
    long recordBytes =
        kafka.memory().bytes() > 0 ? kafka.memory().bytes() : Runtime.getRuntime().maxMemory() / 4;
    return new WireSettings(
        new WireSettings.Frames(
            kafka.frameBytesMax().toInt(),
            Math.min(byDefault.frames().smallBytesMax(), kafka.frameBytesMax().toInt()),
            byDefault.frames().stallMs()),
        new WireSettings.Memory(recordBytes, byDefault.memory().smallBytesMax()),
        new WireSettings.Connections(
            kafka.connectionsMax(),
            kafka.connectionsPerAddressMax(),
            kafka.idleMax().toMillis(),
            byDefault.connections().inFlightMax()),
        kafka.threads() > 0 ? kafka.threads() : byDefault.eventLoopThreads());
  }

  private void measure() {
    metrics.gauge("tributary.connections.open", "Client connections.", kafka::openConnections);
    metrics.gauge(
        "tributary.memory.records.bytes",
        "Bytes of produce requests in flight.",
        () -> kafka.memoryTakenBytes(MemoryClass.RECORDS));
    metrics.gauge(
        "tributary.intake.gathered.bytes",
        "Bytes gathered and not yet sealed.",
        () -> domain.intake().statistics().gatheredBytes());
    metrics.gauge(
        "tributary.image.age.seconds",
        "Age of the cluster image.",
        () -> domain.images().age().toMillis() / 1000.0);
  }

  private Map<String, Supplier<Page>> pages() {
    return Map.of(
        "/health/live", () -> Page.text(200, "alive\n"),
        "/health/ready", () -> ready ? Page.text(200, "ready\n") : Page.text(503, "not ready\n"),
        "/metrics",
            () -> new Page(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
  }

  /** Where clients reach it, in one line. */
  public String startupLine() {
    return "Tributary %s is ready: Kafka on %s, HTTP on http://%s (node %s, broker %d, cluster %s)"
        .formatted(
            Version.current(),
            clientAddress(),
            settings.http().address().withPort(http.port()),
            identity.name(),
            identity.brokerId(),
            identity.cluster().id());
  }

  /**
   * Waits until the node has been stopped.
   *
   * @return the exit code
   */
  public int awaitStop() throws InterruptedException {
    stopped.await();
    return 0;
  }

  /** On SIGTERM: stop reading, decide what was taken, let the shards go, leave. */
  private void stopAndHalt() {
    ready = false;
    LOG.info("Stopping");
    waitFor("open requests", kafka.stop(ANSWER_GRACE), ANSWER_GRACE.plusSeconds(1));
    waitFor("the intake", domain.intake().drain(), DRAIN_MAX);
    shards.close();
    waitFor("the shards", system.stop(), DRAIN_MAX);
    waitFor("the registration", registration.withdraw(identity.name()), Duration.ofSeconds(2));
    domain.close();
    registryLoop.close();
    journalLoop.close();
    stores.close();
    http.close();
    metrics.close();
    LOG.info("Stopped");
    stopped.countDown();
    // The virtual machine would end with the signal's number; a stop that was asked for is a
    // success.
    Runtime.getRuntime().halt(0);
  }

  private static void waitFor(String what, CompletionStage<?> stage, Duration max) {
    try {
      stage.toCompletableFuture().get(max.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("Stopping goes on without waiting for {}: {}", what, String.valueOf(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Going on could do damage. What is durable stays; nothing else is promised to anybody. */
  private static void end(String why) {
    LOG.error("The process ends: {}", why);
    Runtime.getRuntime().halt(1);
  }

  private static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
