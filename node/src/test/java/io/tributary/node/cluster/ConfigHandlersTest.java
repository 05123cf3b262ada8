package io.tributary.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.cluster.Topics.NewTopic;
import io.tributary.node.topics.AdministeredCluster;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfigHandlersTest {
  private final AdministeredCluster cluster =
      new AdministeredCluster(
          new MemoryMetadataStore(Runnable::run), Map.of("log.segment.bytes", "2097152"));
  private final DescribeConfigsHandler describe = cluster.describeConfigs();
  private final IncrementalAlterConfigsHandler alter =
      new IncrementalAlterConfigsHandler(cluster.changes, cluster.loggers);

  @BeforeEach
  void create() {
    cluster
        .topics
        .create(new NewTopic("orders", 1, Map.of()), Duration.ofSeconds(10))
        .toCompletableFuture()
        .join();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void everyVersionDescribesATopic() {
    for (short version : ApiKeys.DESCRIBE_CONFIGS.allVersions()) {
      DescribeConfigsResourceResult retention =
          config(described(version, Type.TOPIC, "orders"), "retention.ms");

      assertThat(retention.value()).isEqualTo("604800000");
      assertThat(retention.configSource()).isEqualTo(ConfigSource.DEFAULT_CONFIG.id());
      assertThat(retention.readOnly()).isFalse();
    }
  }

  @Test
  void aTopicConfigShowsEveryValueThatStandsBehindIt() {
    alter(Type.BROKER, "", op("log.segment.bytes", OpType.SET, "3145728"));
    alter(Type.BROKER, "1", op("log.segment.bytes", OpType.SET, "4194304"));
    alter(Type.TOPIC, "orders", op("segment.bytes", OpType.SET, "5242880"));

    DescribeConfigsResourceResult segment =
        config(described((short) 4, Type.TOPIC, "orders"), "segment.bytes");

    assertThat(segment.value()).isEqualTo("5242880");
    assertThat(segment.configSource()).isEqualTo(ConfigSource.TOPIC_CONFIG.id());
    assertThat(segment.configType()).isEqualTo(ConfigType.INT.id());
    assertThat(segment.documentation()).isNotEmpty();
    assertThat(segment.synonyms())
        .containsExactly(
            synonym("segment.bytes", "5242880", ConfigSource.TOPIC_CONFIG),
            synonym("log.segment.bytes", "4194304", ConfigSource.DYNAMIC_BROKER_CONFIG),
            synonym("log.segment.bytes", "3145728", ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG),
            synonym("log.segment.bytes", "2097152", ConfigSource.STATIC_BROKER_CONFIG),
            synonym("log.segment.bytes", "1073741824", ConfigSource.DEFAULT_CONFIG));
  }

  @Test
  void synonymsAndDocumentationAreLeftOutUnlessAskedFor() {
    DescribeConfigsRequestData data = new DescribeConfigsRequestData();
    data.resources()
        .add(
            new DescribeConfigsResource()
                .setResourceType(Type.TOPIC.id())
                .setResourceName("orders")
                .setConfigurationKeys(List.of("segment.bytes")));

    List<DescribeConfigsResourceResult> configs =
        cluster
            .ask(describe, new DescribeConfigsRequest(data, (short) 4))
            .data()
            .results()
            .getFirst()
            .configs();

    assertThat(configs).hasSize(1);
    assertThat(configs.getFirst().synonyms()).isEmpty();
    assertThat(configs.getFirst().documentation()).isNull();
  }

  @Test
  void incrementalChangesOfATopicSetDeleteAppendAndSubtract() {
    assertAccepted(
        alter(
            Type.TOPIC,
            "orders",
            op("retention.ms", OpType.SET, "77777"),
            op("cleanup.policy", OpType.APPEND, "compact")));
    assertThat(cluster.topic("orders").overrides())
        .isEqualTo(Map.of("retention.ms", "77777", "cleanup.policy", "delete,compact"));

    assertAccepted(
        alter(
            Type.TOPIC,
            "orders",
            op("retention.ms", OpType.DELETE, null),
            op("cleanup.policy", OpType.SUBTRACT, "compact")));
    assertThat(cluster.topic("orders").overrides()).isEqualTo(Map.of("cleanup.policy", "delete"));
    assertThat(config(described((short) 4, Type.TOPIC, "orders"), "retention.ms").value())
        .isEqualTo("604800000");
  }

  @Test
  void everyVersionOfBothWaysOfChangingWorks() {
    for (short version : ApiKeys.INCREMENTAL_ALTER_CONFIGS.allVersions()) {
      IncrementalAlterConfigsRequestData data = new IncrementalAlterConfigsRequestData();
      data.resources()
          .add(resource(Type.TOPIC, "orders", op("retention.ms", OpType.SET, "9" + version)));
      cluster.ask(alter, new IncrementalAlterConfigsRequest(data, version));
      assertThat(cluster.topic("orders").overrides()).containsEntry("retention.ms", "9" + version);
    }
    for (short version : ApiKeys.ALTER_CONFIGS.allVersions()) {
      AlterConfigsRequestData data = new AlterConfigsRequestData();
      AlterConfigsRequestData.AlterConfigsResource resource =
          new AlterConfigsRequestData.AlterConfigsResource()
              .setResourceType(Type.TOPIC.id())
              .setResourceName("orders");
      resource
          .configs()
          .add(
              new AlterConfigsRequestData.AlterableConfig()
                  .setName("segment.ms")
                  .setValue("8" + version));
      data.resources().add(resource);
      cluster.ask(new AlterConfigsHandler(cluster.changes), new AlterConfigsRequest(data, version));
      assertThat(cluster.topic("orders").overrides())
          .isEqualTo(Map.of("segment.ms", "8" + version));
    }
  }

  @Test
  void wrongChangesAreRefusedAndChangeNothing() {
    assertRefused(
        alter(Type.TOPIC, "orders", op("retention.ms", OpType.SET, "x")), Errors.INVALID_CONFIG);
    assertRefused(
        alter(Type.TOPIC, "orders", op("no.such", OpType.SET, "1")), Errors.INVALID_CONFIG);
    assertRefused(
        alter(Type.TOPIC, "orders", op("retention.ms", OpType.APPEND, "1")), Errors.INVALID_CONFIG);
    assertRefused(
        alter(Type.TOPIC, "orders", op("retention.ms", OpType.SET, null)), Errors.INVALID_REQUEST);
    assertRefused(
        alter(
            Type.TOPIC,
            "orders",
            op("retention.ms", OpType.SET, "1"),
            op("retention.ms", OpType.SET, "2")),
        Errors.INVALID_REQUEST);
    assertRefused(
        alter(Type.TOPIC, "absent", op("retention.ms", OpType.SET, "1")),
        Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertRefused(
        alter(Type.TOPIC, "", op("retention.ms", OpType.SET, "1")), Errors.INVALID_REQUEST);
    assertRefused(
        alter(Type.CLIENT_METRICS, "m", op("interval.ms", OpType.SET, "1")),
        Errors.INVALID_REQUEST);
    assertThat(cluster.topic("orders").overrides()).isEmpty();
  }

  @Test
  void validateOnlyChangesNothing() {
    IncrementalAlterConfigsRequestData data =
        new IncrementalAlterConfigsRequestData().setValidateOnly(true);
    data.resources().add(resource(Type.TOPIC, "orders", op("retention.ms", OpType.SET, "5")));

    assertAccepted(
        cluster
            .ask(alter, new IncrementalAlterConfigsRequest(data, (short) 1))
            .data()
            .responses()
            .getFirst());

    assertThat(cluster.topic("orders").overrides()).isEmpty();
  }

  @Test
  void onlyDynamicConfigsOfThisBrokerMayBeChanged() {
    assertAccepted(alter(Type.BROKER, "", op("log.cleaner.threads", OpType.SET, "2")));
    assertRefused(alter(Type.BROKER, "1", op("node.id", OpType.SET, "2")), Errors.INVALID_REQUEST);
    assertRefused(alter(Type.BROKER, "1", op("no.such", OpType.SET, "2")), Errors.INVALID_REQUEST);
    assertRefused(
        alter(Type.BROKER, "1", op("log.retention.ms", OpType.SET, "x")), Errors.INVALID_REQUEST);
    assertRefused(
        alter(Type.BROKER, "2", op("log.retention.ms", OpType.SET, "1")), Errors.INVALID_REQUEST);
    assertRefused(
        alter(Type.BROKER, "one", op("log.retention.ms", OpType.SET, "1")), Errors.INVALID_REQUEST);
  }

  @Test
  void aBrokersDefaultsHoldForTopicsUntilTheyAreDeleted() {
    alter(Type.BROKER, "", op("log.retention.ms", OpType.SET, "1234"));
    assertThat(cluster.configs.topicConfigs().of(cluster.topic("orders")).retentionMs)
        .isEqualTo(1234);
    assertThat(described((short) 4, Type.BROKER, "").configs())
        .extracting(DescribeConfigsResourceResult::name)
        .containsExactly("log.retention.ms");

    alter(Type.BROKER, "", op("log.retention.ms", OpType.DELETE, null));
    assertThat(cluster.configs.topicConfigs().of(cluster.topic("orders")).retentionMs)
        .isEqualTo(604_800_000);
    assertThat(described((short) 4, Type.BROKER, "").configs()).isEmpty();
  }

  @Test
  void aBrokerShowsItsConfigs() {
    DescribeConfigsResult broker = described((short) 4, Type.BROKER, "1");

    assertThat(broker.configs()).hasSizeGreaterThan(50);
    assertThat(config(broker, "node.id").value()).isEqualTo("1");
    assertThat(config(broker, "node.id").readOnly()).isTrue();
    assertThat(config(broker, "log.segment.bytes").value()).isEqualTo("2097152");
    assertThat(config(broker, "log.segment.bytes").configSource())
        .isEqualTo(ConfigSource.STATIC_BROKER_CONFIG.id());
    assertThat(config(broker, "log.segment.bytes").readOnly()).isFalse();
    assertThat(config(broker, "auto.create.topics.enable").value()).isEqualTo("true");
    assertThat(described((short) 4, Type.BROKER, "2").errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
  }

  @Test
  void logLevelsAreShownAndChanged() {
    alter(Type.BROKER_LOGGER, "1", op("root", OpType.SET, "WARN"));
    assertThat(config(described((short) 4, Type.BROKER_LOGGER, "1"), "root").value())
        .isEqualTo("WARN");

    assertAccepted(alter(Type.BROKER_LOGGER, "1", op("root", OpType.SET, "INFO")));
    assertRefused(
        alter(Type.BROKER_LOGGER, "1", op("root", OpType.SET, "LOUD")), Errors.INVALID_CONFIG);
    assertRefused(
        alter(Type.BROKER_LOGGER, "1", op("root", OpType.DELETE, null)), Errors.INVALID_REQUEST);
    assertRefused(
        alter(Type.BROKER_LOGGER, "2", op("root", OpType.SET, "WARN")), Errors.INVALID_REQUEST);
  }

  @Test
  void groupConfigsAreKeptAndShown() {
    assertAccepted(alter(Type.GROUP, "g", op("consumer.session.timeout.ms", OpType.SET, "50000")));
    assertRefused(
        alter(Type.GROUP, "g", op("consumer.session.timeout.ms", OpType.SET, "1")),
        Errors.INVALID_CONFIG);

    DescribeConfigsResourceResult timeout =
        config(described((short) 4, Type.GROUP, "g"), "consumer.session.timeout.ms");

    assertThat(timeout.value()).isEqualTo("50000");
    assertThat(timeout.configSource()).isEqualTo(ConfigSource.GROUP_CONFIG.id());
    assertThat(listed((short) 1, Type.GROUP)).containsExactly("g");
  }

  @Test
  void unknownResourcesAreErrorsAndNoExceptions() {
    assertThat(described((short) 4, Type.TOPIC, "absent").errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(described((short) 4, Type.TOPIC, "a b").errorCode())
        .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    assertThat(described((short) 4, Type.CLIENT_METRICS, "m").errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
    assertThat(described((short) 4, Type.UNKNOWN, "m").errorCode())
        .isEqualTo(Errors.INVALID_REQUEST.code());
  }

  @Test
  void resourcesAreListed() {
    assertThat(listed((short) 1, Type.TOPIC)).containsExactly("orders");
    assertThat(listed((short) 1, Type.BROKER)).containsExactly("1");
    assertThat(listed((short) 1)).contains("orders", "1");
    assertThat(listed((short) 0, Type.CLIENT_METRICS)).isEmpty();
  }

  private List<String> listed(short version, Type... types) {
    ListConfigResourcesRequestData data = new ListConfigResourcesRequestData();
    for (Type type : types) {
      data.resourceTypes().add(type.id());
    }
    return cluster
        .ask(
            new ListConfigResourcesHandler(cluster.images),
            new ListConfigResourcesRequest.Builder(data).build(version))
        .data()
        .configResources()
        .stream()
        .map(ListConfigResourcesResponseData.ConfigResource::resourceName)
        .toList();
  }

  private AlterConfigsResourceResponse alter(Type type, String name, AlterableConfig... ops) {
    IncrementalAlterConfigsRequestData data = new IncrementalAlterConfigsRequestData();
    data.resources().add(resource(type, name, ops));
    return cluster
        .ask(alter, new IncrementalAlterConfigsRequest(data, (short) 1))
        .data()
        .responses()
        .getFirst();
  }

  private static AlterConfigsResource resource(Type type, String name, AlterableConfig... ops) {
    AlterConfigsResource resource =
        new AlterConfigsResource().setResourceType(type.id()).setResourceName(name);
    for (AlterableConfig op : ops) {
      // The same name may stand twice: what a client should not do must be sent to be refused.
      resource.configs().mustAdd(op);
    }
    return resource;
  }

  private static AlterableConfig op(String name, OpType type, @Nullable String value) {
    return new AlterableConfig().setName(name).setConfigOperation(type.id()).setValue(value);
  }

  private DescribeConfigsResult described(short version, Type type, String name) {
    DescribeConfigsRequestData data =
        new DescribeConfigsRequestData()
            .setIncludeSynonyms(true)
            .setIncludeDocumentation(version >= 3);
    data.resources()
        .add(
            new DescribeConfigsResource()
                .setResourceType(type.id())
                .setResourceName(name)
                .setConfigurationKeys(null));
    return cluster
        .ask(describe, new DescribeConfigsRequest(data, version))
        .data()
        .results()
        .getFirst();
  }

  private static DescribeConfigsResourceResult config(DescribeConfigsResult result, String name) {
    return result.configs().stream()
        .filter(config -> config.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static DescribeConfigsSynonym synonym(String name, String value, ConfigSource source) {
    return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
  }

  private static void assertAccepted(AlterConfigsResourceResponse response) {
    assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
  }

  private static void assertRefused(AlterConfigsResourceResponse response, Errors error) {
    assertThat(Errors.forCode(response.errorCode())).isEqualTo(error);
    assertThat(response.errorMessage()).isNotEmpty();
  }
}
