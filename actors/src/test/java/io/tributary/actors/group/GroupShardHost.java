package io.tributary.actors.group;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.loop.ManualEventLoop;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.actors.shard.Journal;
import io.tributary.actors.shard.ShardContext;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * One group shard and what is durable of it, in a test's hands: the test commits, refuses, crashes
 * and restarts it.
 */
final class GroupShardHost implements ShardContext, Journal {
  static final ShardId SHARD = new ShardId(ShardKind.GROUPS, 0);

  private final VirtualTime time = new VirtualTime(1);
  private final List<Bytes> durable = new ArrayList<>();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private final Map<String, String> settings;
  private Optional<Bytes> checkpoint = Optional.empty();
  private ClusterImage image = ClusterImage.empty("test", new ShardCounts(1, 1, 1));
  private ManualEventLoop loop = time.loop("shard");
  private GroupShard shard;
  private boolean commitsAtOnce = true;
  private boolean hasRightToServe = true;
  private long ownerEpoch;

  GroupShardHost() {
    this(Map.of("group.initial.rebalance.delay.ms", "0"));
  }

  GroupShardHost(Map<String, String> settings) {
    this.settings = settings;
    this.shard = start();
  }

  // What a test does to the shard.

  <A> CompletableFuture<A> ask(GroupRequest<A> request) {
    CompletableFuture<Object> answer = new CompletableFuture<>();
    loop.execute(() -> shard.onRequest(request, answer::complete));
    time.runUntilIdle();
    @SuppressWarnings("unchecked")
    CompletableFuture<A> typed = (CompletableFuture<A>) answer;
    return typed;
  }

  void holdCommits() {
    commitsAtOnce = false;
  }

  /** Everything appended becomes durable, and the shard learns of it. */
  void commitAll() {
    while (!pending.isEmpty()) {
      Pending next = pending.remove();
      durable.add(next.record);
      loop.execute(next.committed);
    }
    time.runUntilIdle();
  }

  /** Everything appended becomes durable, but the process ends before it learns. */
  void commitAllUnheard() {
    pending.forEach(next -> durable.add(next.record));
    restart();
  }

  /** What was not committed is lost with the process. */
  void restart() {
    pending.clear();
    loop.crash();
    loop = time.loop("shard");
    commitsAtOnce = true;
    hasRightToServe = true;
    shard = start();
    time.runUntilIdle();
  }

  /** Publishes a checkpoint of all that is durable. */
  void publishCheckpoint() {
    CompletableFuture<Bytes> root = shard.checkpoint().toCompletableFuture();
    time.runUntilIdle();
    checkpoint = Optional.of(root.join());
    durable.clear();
  }

  /** A commit is refused: another owns the shard. */
  void refuseCommits() {
    pending.clear();
    loop.execute(shard::onStopped);
    time.runUntilIdle();
  }

  void loseRightToServe() {
    hasRightToServe = false;
  }

  void advance(Duration duration) {
    time.advance(duration);
  }

  int durableRecords() {
    return durable.size();
  }

  UUID createTopic(String name, int partitions) {
    TopicImage topic = new TopicImage(name, UUID.randomUUID(), partitions, Map.of(), 1);
    ClusterImage with = image.with(topic);
    image = at(with, with.topicsByName(), with.topicsById());
    return topic.id();
  }

  void deleteTopic(String name) {
    TopicImage gone = image.topic(name).orElseThrow();
    Map<String, TopicImage> byName = new HashMap<>(image.topicsByName());
    Map<UUID, TopicImage> byId = new HashMap<>(image.topicsById());
    byName.remove(name);
    byId.remove(gone.id());
    image = at(image, byName, byId);
  }

  static GroupCaller caller(ApiKeys api, String clientId) {
    return new GroupCaller(
        api,
        api.latestVersion(),
        clientId,
        1,
        new GroupCaller.Connection(
            "PLAINTEXT",
            SecurityProtocol.PLAINTEXT,
            KafkaPrincipal.ANONYMOUS,
            InetAddress.getLoopbackAddress()));
  }

  private GroupShard start() {
    ownerEpoch++;
    GroupShard started = new GroupShard(this, GroupEnvironment.of(settings, () -> image, loop));
    started.restore(checkpoint).toCompletableFuture().join();
    started.replay(List.copyOf(durable)).toCompletableFuture().join();
    started.onServing();
    return started;
  }

  private static ClusterImage at(
      ClusterImage image, Map<String, TopicImage> byName, Map<UUID, TopicImage> byId) {
    return new ClusterImage(
        image.clusterId(),
        image.shards(),
        Map.copyOf(byName),
        Map.copyOf(byId),
        image.brokers(),
        image.configs(),
        image.tombstones(),
        image.revision() + 1);
  }

  // What the shard sees.

  @Override
  public ShardId shard() {
    return SHARD;
  }

  @Override
  public long ownerEpoch() {
    return ownerEpoch;
  }

  @Override
  public long incarnation() {
    return ownerEpoch;
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public Journal journal() {
    return this;
  }

  @Override
  public ChildLoop startChild(String name) {
    throw new UnsupportedOperationException("a group shard has no children");
  }

  @Override
  public void append(Bytes record, Runnable committed) {
    pending.add(new Pending(record, committed));
    if (commitsAtOnce) {
      loop.execute(
          () -> {
            Pending next = pending.poll();
            if (next != null) {
              durable.add(next.record);
              next.committed.run();
            }
          });
    }
  }

  @Override
  public boolean hasRightToServe() {
    return hasRightToServe;
  }

  private record Pending(Bytes record, Runnable committed) {}
}
