package io.tributary.actors.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.actors.cluster.TributarySystem;
import io.tributary.actors.loop.ThreadEventLoop;
import io.tributary.persistence.format.ShardOwnerFormat;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.metadata.SqliteMetadataStore;
import io.tributary.persistence.model.NodeRecord.Address;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import io.tributary.persistence.objects.FileObjectStore;
import io.tributary.persistence.objects.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shards on a real actor system and a real embedded store. */
@Timeout(60)
class ShardsTest {
  private static final Address LOOPBACK = new Address("127.0.0.1", 0);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;

  @Test
  void aNodeAloneServesEveryShardAndKeepsWhatItAnswered() throws Exception {
    try (Node node = new Node(folder, 1)) {
      assertThat(node.addToAll(5)).containsOnly(5L);
      assertThat(node.addToAll(7)).containsOnly(12L);
    }
    try (Node node = new Node(folder, 2)) {
      assertThat(node.addToAll(1)).containsOnly(13L);
    }
  }

  @Test
  void aStoppedNodeHasReleasedItsShards() throws Exception {
    new Node(folder, 1).closeAfter(node -> node.addToAll(1));
    try (MetadataStore store = openMetadata(folder)) {
      var range =
          (MetadataStore.ReadOutcome.Read)
              store.range("shard/").toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(range.entries().stream().filter(entry -> entry.key().endsWith("/owner")))
          .hasSize(128)
          .allSatisfy(
              entry -> assertThat(ShardOwnerFormat.read(entry.value()).released()).isTrue());
    }
  }

  @Test
  void aShardThatBreaksComesBackWithWhatWasCommitted() throws Exception {
    try (Node node = new Node(folder, 1)) {
      ShardId shard = new ShardId(ShardKind.GROUPS, 3);
      assertThat(node.ask(shard, new CountingShard.Add(4)).get(20, TimeUnit.SECONDS)).isEqualTo(4L);
      assertThat(node.ask(shard, new CountingShard.Break()))
          .failsWithin(PATIENCE)
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(ShardUnavailable.class);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(node.ask(shard, new CountingShard.Read()).get(5, TimeUnit.SECONDS))
                      .isEqualTo(4L));
    }
  }

  private static MetadataStore openMetadata(Path folder) {
    return new SqliteMetadataStore(folder.resolve("metadata.db"), true, "test/");
  }

  /** What a node's main builds, as far as shards need it. */
  private static final class Node implements AutoCloseable {
    private final MetadataStore metadata;
    private final ObjectStore objects;
    private final ThreadEventLoop loop = new ThreadEventLoop("writer");
    private final TributarySystem system = TributarySystem.start(LOOPBACK);
    private final Shards shards;

    Node(Path folder, long incarnation) {
      metadata = openMetadata(folder);
      objects = new FileObjectStore(folder.resolve("objects"), true);
      Random random = new Random(incarnation);
      ShardServices services =
          new ShardServices(
              metadata,
              objects,
              new FencedWriter(metadata, loop, random),
              new Heartbeats(metadata, loop),
              ServingRight.always(),
              incarnation,
              random);
      shards = new Shards(system.actorSystem(), ShardCounts.DEFAULT, services);
      for (ShardKind kind : ShardKind.values()) {
        shards.host(kind, CountingShard.definition(CheckpointSettings.FILES));
      }
      system.join(system.address());
    }

    CompletableFuture<Long> ask(ShardId shard, CountingShard.Request request) {
      return shards.ask(shard, request, PATIENCE).toCompletableFuture();
    }

    List<Long> addToAll(long amount) {
      List<CompletableFuture<Long>> answers = new ArrayList<>();
      for (ShardKind kind : ShardKind.values()) {
        for (int index = 0; index < ShardCounts.DEFAULT.of(kind); index++) {
          answers.add(ask(new ShardId(kind, index), new CountingShard.Add(amount)));
        }
      }
      return answers.stream().map(CompletableFuture::join).toList();
    }

    void closeAfter(Consumer<Node> use) throws Exception {
      try (this) {
        use.accept(this);
      }
    }

    @Override
    public void close() throws Exception {
      shards.close();
      system.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
      loop.close();
      metadata.close();
      objects.close();
    }
  }
}
