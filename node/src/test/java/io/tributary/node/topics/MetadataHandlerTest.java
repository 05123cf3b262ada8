package io.tributary.node.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.actors.cluster.Topics.NewTopic;
import io.tributary.persistence.metadata.MetadataStores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataHandlerTest {
  @TempDir private Path folder;
  private AdministeredCluster cluster;
  private MetadataHandler handler;

  @BeforeEach
  void open() {
    cluster = clusterWith(Map.of());
    handler = handlerOf(cluster);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void everyVersionTellsClusterBrokersAndTopics() {
    create("orders", 3);
    for (short version : ApiKeys.METADATA.allVersions()) {
      MetadataRequestData all =
          new MetadataRequestData().setTopics(version == 0 ? List.of() : null);

      MetadataResponseData data = ask(version, all);

      assertThat(data.clusterId()).isEqualTo("a-cluster");
      assertThat(data.controllerId()).isEqualTo(1);
      assertThat(data.brokers()).hasSize(1);
      assertThat(data.brokers().find(1).host()).isEqualTo("broker.example");
      assertThat(data.brokers().find(1).rack()).isEqualTo("zone-1");
      assertThat(data.topics()).hasSize(1);
      assertThat(data.topics().find("orders").partitions())
          .hasSize(3)
          .allSatisfy(
              partition -> {
                assertThat(partition.leaderId()).isEqualTo(1);
                assertThat(partition.leaderEpoch()).isEqualTo(-1);
                assertThat(partition.replicaNodes()).containsExactly(1);
                assertThat(partition.isrNodes()).containsExactly(1);
              });
    }
  }

  @Test
  void aMentionedTopicIsCreatedWhenTheClientAllowsIt() {
    assertThat(named("orders", false).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(cluster.images.get().topicsByName()).isEmpty();

    MetadataResponseTopic created = named("orders", true);

    assertThat(created.errorCode()).isEqualTo(Errors.NONE.code());
    assertThat(created.partitions())
        .extracting(MetadataResponsePartition::partitionIndex)
        .containsExactly(0);
    assertThat(created.topicId()).isEqualTo(TopicIds.toKafka(cluster.topic("orders").id()));
  }

  @Test
  void nothingIsCreatedWhenTheClusterForbidsItOrTheNameIsNotForClients() {
    assertThat(named("__consumer_offsets", true).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(named("a b", true).errorCode()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());

    try (AdministeredCluster strict = clusterWith(Map.of("auto.create.topics.enable", "false"))) {
      MetadataRequestData data = new MetadataRequestData().setAllowAutoTopicCreation(true);
      data.topics().add(new MetadataRequestTopic().setName("orders"));
      assertThat(strict.ask(handlerOf(strict), new MetadataRequest(data, (short) 13)).errors())
          .containsEntry("orders", Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
  }

  @Test
  void topicsAreFoundById() {
    create("orders", 1);
    Uuid id = TopicIds.toKafka(cluster.topic("orders").id());
    Uuid absent = Uuid.randomUuid();
    MetadataRequestData data = new MetadataRequestData();
    data.topics().add(new MetadataRequestTopic().setName(null).setTopicId(id));
    data.topics().add(new MetadataRequestTopic().setName(null).setTopicId(absent));

    for (short version : List.of((short) 12, (short) 13)) {
      assertThat(ask(version, data.duplicate()).topics())
          .satisfiesExactlyInAnyOrder(
              found -> {
                assertThat(found.name()).isEqualTo("orders");
                assertThat(found.topicId()).isEqualTo(id);
                assertThat(found.errorCode()).isEqualTo(Errors.NONE.code());
              },
              missing -> {
                assertThat(missing.name()).isNull();
                assertThat(missing.topicId()).isEqualTo(absent);
                assertThat(missing.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
              });
    }
    assertThatThrownBy(() -> ask((short) 11, data)).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void authorizedOperationsAreToldOnlyWhenAskedFor() {
    create("orders", 1);
    MetadataRequestData data =
        new MetadataRequestData()
            .setTopics(null)
            .setIncludeTopicAuthorizedOperations(true)
            .setIncludeClusterAuthorizedOperations(true);

    MetadataResponseData told = ask((short) 10, data);
    MetadataResponseData silent = ask((short) 10, new MetadataRequestData().setTopics(null));

    // READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS
    assertThat(told.topics().find("orders").topicAuthorizedOperations()).isEqualTo(0b110111111000);
    assertThat(told.clusterAuthorizedOperations()).isPositive();
    assertThat(silent.topics().find("orders").topicAuthorizedOperations())
        .isEqualTo(Integer.MIN_VALUE);
    assertThat(silent.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
  }

  @Test
  void withoutLiveNodesPartitionsHaveNoLeader() {
    create("orders", 1);
    cluster.brokers(List.of());

    assertThat(named("orders", false).partitions())
        .allSatisfy(
            partition -> {
              assertThat(partition.errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
              assertThat(partition.leaderId()).isEqualTo(-1);
            });
  }

  private MetadataResponseTopic named(String name, boolean mayCreate) {
    MetadataRequestData data = new MetadataRequestData().setAllowAutoTopicCreation(mayCreate);
    data.topics().add(new MetadataRequestTopic().setName(name));
    return ask((short) 13, data).topics().find(name);
  }

  private MetadataResponseData ask(short version, MetadataRequestData data) {
    return cluster.ask(handler, new MetadataRequest(data, version)).data();
  }

  private void create(String name, int partitions) {
    cluster
        .topics
        .create(new NewTopic(name, partitions, Map.of()), Duration.ofSeconds(10))
        .toCompletableFuture()
        .join();
  }

  private AdministeredCluster clusterWith(Map<String, String> startConfigs) {
    Path file = folder.resolve("metadata-" + startConfigs.size() + ".db");
    return new AdministeredCluster(MetadataStores.open("sqlite:" + file, "test"), startConfigs);
  }

  private static MetadataHandler handlerOf(AdministeredCluster cluster) {
    return new MetadataHandler(cluster.images, new TopicCreator(cluster.topics, cluster.configs));
  }
}
