package io.tributary.node.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary topic}: create, list, describe, delete, alter. */
@Command(
    name = "topic",
    description = "Create, list, describe, delete and alter topics.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class TopicCommand {

  @Command(description = "Create a topic.", mixinStandardHelpOptions = true)
  int create(
      @Mixin Connection connection,
      @Parameters(paramLabel = "TOPIC", description = "Its name.") String topic,
      @Option(
              names = "--partitions",
              paramLabel = "N",
              description = "Partitions (default: the cluster's).")
          @Nullable Integer partitions,
      @Option(
              names = "--config",
              paramLabel = "KEY=VALUE",
              description = "A topic config; repeatable.")
          @Nullable Map<String, String> configs)
      throws InterruptedException {
    try (Admin admin = connection.admin()) {
      NewTopic newTopic = new NewTopic(topic, Optional.ofNullable(partitions), Optional.empty());
      newTopic.configs(configs == null ? Map.of() : configs);
      var created = admin.createTopics(List.of(newTopic));
      int count = connection.await(created.numPartitions(topic));
      connection
          .output()
          .done(
              "Created topic "
                  + topic
                  + " with "
                  + count
                  + (count == 1 ? " partition." : " partitions."),
              Map.of("topic", topic, "partitions", count));
    }
    return 0;
  }

  @Command(description = "List topics.", mixinStandardHelpOptions = true)
  int list(
      @Mixin Connection connection,
      @Option(names = "--internal", description = "Show internal topics too.") boolean internal)
      throws InterruptedException {
    try (Admin admin = connection.admin()) {
      var names =
          connection.await(
              admin.listTopics(new ListTopicsOptions().listInternal(internal)).names());
      var topics = connection.await(admin.describeTopics(names).allTopicNames());
      connection
          .output()
          .table(
              topics.values().stream()
                  .sorted((a, b) -> a.name().compareTo(b.name()))
                  .map(topic -> row("topic", topic.name(), "partitions", topic.partitions().size()))
                  .toList());
    }
    return 0;
  }

  @Command(
      description = "Describe topics: partitions, offsets, and what is configured.",
      mixinStandardHelpOptions = true)
  int describe(
      @Mixin Connection connection,
      @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Names.") List<String> topics)
      throws InterruptedException {
    try (Admin admin = connection.admin()) {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (var topic : new TreeMap<>(admin.describeTopics(topics).topicNameValues()).entrySet()) {
        TopicDescription described = connection.await(topic.getValue(), "topic " + topic.getKey());
        rows.addAll(partitionsOf(connection, admin, described));
      }
      connection.output().table(rows);
    }
    return 0;
  }

  private static List<Map<String, Object>> partitionsOf(
      Connection connection, Admin admin, TopicDescription topic) throws InterruptedException {
    List<TopicPartition> partitions =
        topic.partitions().stream()
            .map(partition -> new TopicPartition(topic.name(), partition.partition()))
            .toList();
    Offsets offsets = new Offsets(connection, admin);
    var earliest = offsets.at(partitions, OffsetSpec.earliest());
    var latest = offsets.at(partitions, OffsetSpec.latest());
    String configs = overrides(connection, admin, topic.name());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (TopicPartitionInfo info : topic.partitions()) {
      TopicPartition partition = new TopicPartition(topic.name(), info.partition());
      rows.add(
          row(
              "topic", topic.name(),
              "id", topic.topicId().toString(),
              "partition", info.partition(),
              "leader", info.leader() == null ? "none" : info.leader().idString(),
              "earliest", earliest.getOrDefault(partition, Offsets.NONE),
              "latest", latest.getOrDefault(partition, Offsets.NONE),
              "configs", configs));
    }
    return rows;
  }

  private static String overrides(Connection connection, Admin admin, String topic)
      throws InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return connection.await(admin.describeConfigs(List.of(resource)).all()).values().stream()
        .flatMap(config -> config.entries().stream())
        .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
        .map(entry -> entry.name() + "=" + entry.value())
        .sorted()
        .collect(Collectors.joining(","));
  }

  @Command(description = "Delete topics and all their records.", mixinStandardHelpOptions = true)
  int delete(
      @Mixin Connection connection,
      @Parameters(paramLabel = "TOPIC", arity = "1..*", description = "Names.") List<String> topics)
      throws InterruptedException {
    try (Admin admin = connection.admin()) {
      connection.await(admin.deleteTopics(topics).all());
      connection
          .output()
          .done("Deleted " + String.join(", ", topics) + ".", Map.of("deleted", topics));
    }
    return 0;
  }

  @Command(
      description = "Change a topic's configs or raise its number of partitions.",
      mixinStandardHelpOptions = true)
  int alter(
      @Mixin Connection connection,
      @Parameters(paramLabel = "TOPIC", description = "Its name.") String topic,
      @Option(names = "--partitions", paramLabel = "N", description = "New number of partitions.")
          @Nullable Integer partitions,
      @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Set a config; repeatable.")
          @Nullable Map<String, String> set,
      @Option(
              names = "--unset",
              paramLabel = "KEY",
              description = "Back to the default; repeatable.")
          @Nullable List<String> unset)
      throws InterruptedException {
    List<AlterConfigOp> changes = new ArrayList<>();
    if (set != null) {
      set.forEach(
          (key, value) -> changes.add(new AlterConfigOp(new ConfigEntry(key, value), OpType.SET)));
    }
    if (unset != null) {
      unset.forEach(key -> changes.add(new AlterConfigOp(new ConfigEntry(key, ""), OpType.DELETE)));
    }
    if (changes.isEmpty() && partitions == null) {
      throw connection.refused("nothing to change: give --partitions, --set or --unset");
    }
    try (Admin admin = connection.admin()) {
      if (!changes.isEmpty()) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        connection.await(admin.incrementalAlterConfigs(Map.of(resource, changes)).all());
      }
      if (partitions != null) {
        connection.await(
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all());
      }
      connection.output().done("Altered topic " + topic + ".", Map.of("topic", topic));
    }
    return 0;
  }

  /** Keys and values in turn; keeps their order. */
  static Map<String, Object> row(Object... keysAndValues) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      row.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return row;
  }
}
