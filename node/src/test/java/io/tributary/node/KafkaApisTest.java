package io.tributary.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tributary.actors.cluster.NodeIdentity;
import io.tributary.actors.cluster.TributarySystem;
import io.tributary.actors.loop.ThreadEventLoop;
import io.tributary.actors.shard.FencedWriter;
import io.tributary.actors.shard.Heartbeats;
import io.tributary.actors.shard.ServingRight;
import io.tributary.actors.shard.ShardServices;
import io.tributary.actors.shard.Shards;
import io.tributary.node.settings.NodeSettings;
import io.tributary.node.settings.SettingsReader;
import io.tributary.persistence.model.ClusterIdentity;
import io.tributary.persistence.model.NodeRecord.Address;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.wire.RequestTable;
import io.tributary.wire.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Walks the request table; {@code docs/kafka-apis.md} is made from it. */
class KafkaApisTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "kafka-apis.md");

  /** Versions Apache Kafka serves only with unstable.api.versions.enable. */
  private static final Map<ApiKeys, Short> LATEST_STABLE =
      Map.of(ApiKeys.INIT_PRODUCER_ID, (short) 5);

  @TempDir private static Path folder;
  private static TributarySystem system;
  private static Stores stores;
  private static Domain domain;
  private static RequestTable table;

  @BeforeAll
  static void buildTheTable() {
    NodeSettings settings =
        SettingsReader.read(
            NodeSettings.class,
            ConfigFactory.parseMap(Map.of("tributary.data", folder.toString())));
    stores = Stores.open(settings);
    system = TributarySystem.start(new Address("127.0.0.1", 0));
    ThreadEventLoop loop = new ThreadEventLoop("test");
    NodeIdentity identity =
        new NodeIdentity(
            new ClusterIdentity("cluster", ClusterIdentity.FORMAT_VERSION, ShardCounts.DEFAULT),
            "node",
            1,
            1);
    ShardServices services =
        new ShardServices(
            stores.metadata(),
            stores.objects(),
            new FencedWriter(stores.metadata(), loop, new Random(1)),
            new Heartbeats(stores.metadata(), loop),
            ServingRight.always(),
            1,
            new Random(1));
    Shards shards = new Shards(system.actorSystem(), ShardCounts.DEFAULT, services);
    domain = new Domain(new Domain.Parts(settings, identity, stores, shards, _ -> {}));
    table = KafkaApis.table(domain);
  }

  @AfterAll
  static void stop() {
    system.stop().toCompletableFuture().join();
    domain.close();
    stores.close();
  }

  private static short latest(ApiKeys api) {
    return LATEST_STABLE.getOrDefault(api, api.latestVersion(false));
  }

  @Test
  void everyRowServesTheVersionsThatKafkaServes() {
    for (Route route : table.routes()) {
      assertThat(route.versionMin())
          .as("oldest version of %s", route.api())
          .isEqualTo(route.api().oldestVersion());
      assertThat(route.versionMax())
          .as("newest version of %s", route.api())
          .isEqualTo(latest(route.api()));
    }
  }

  @Test
  void theDocumentShowsEveryKeyBesideKafkas() throws IOException {
    String expected = document();
    if (Boolean.getBoolean("tributary.write-docs")) {
      Files.writeString(DOCUMENT, expected);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(expected);
  }

  private static String document() {
    Map<ApiKeys, Route> rows =
        table.routes().stream()
            .collect(
                Collectors.toMap(Route::api, route -> route, (a, _) -> a, () -> new TreeMap<>()));
    StringBuilder text =
        new StringBuilder(
            """
            # Kafka APIs

            Every client API of Apache Kafka 4.3.1 and the versions it serves, beside ours. `ApiVersions` tells clients the same.

            | key | API | Apache Kafka | Tributary |
            | --- | --- | --- | --- |
            """);
    for (ApiKeys api : ApiKeys.clientApis()) {
      String ours =
          Optional.ofNullable(rows.get(api))
              .map(route -> route.versionMin() + "–" + route.versionMax())
              .orElse("not yet");
      text.append(
          "| %d | %s | %d–%d | %s |\n"
              .formatted(api.id, api.name, api.oldestVersion(), latest(api), ours));
    }
    text.append(
        """

        Produce is advertised from version 0, as Kafka does for old librdkafka clients; versions 0 to 2 are refused. What is marked
        "not yet": transactions, security, quotas and the rest of the administration come with the next releases; share groups, streams groups,
        client telemetry and delegation tokens after them.
        """);
    return text.toString();
  }
}
