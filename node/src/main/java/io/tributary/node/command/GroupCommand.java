package io.tributary.node.command;

import static io.tributary.node.command.TopicCommand.row;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary group}: list, describe, reset, delete. */
@Command(
    name = "group",
    description = "List, describe, reset and delete consumer groups.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class GroupCommand {

  @Command(description = "List groups.", mixinStandardHelpOptions = true)
  int list(@Mixin Connection connection) throws InterruptedException {
    try (Admin admin = connection.admin()) {
      connection
          .output()
          .table(
              connection.await(admin.listGroups().all()).stream()
                  .sorted((a, b) -> a.groupId().compareTo(b.groupId()))
                  .map(
                      group ->
                          row(
                              "group", group.groupId(),
                              "type", group.type().map(Object::toString).orElse(""),
                              "protocol", group.protocol(),
                              "state", group.groupState().map(Object::toString).orElse("")))
                  .toList());
    }
    return 0;
  }

  @Command(
      description = "Show a group's committed offsets and lag.",
      mixinStandardHelpOptions = true)
  int describe(
      @Mixin Connection connection,
      @Parameters(paramLabel = "GROUP", description = "Its id.") String group)
      throws InterruptedException {
    try (Admin admin = connection.admin()) {
      Map<TopicPartition, OffsetAndMetadata> committed = committed(connection, admin, group);
      Map<TopicPartition, Long> ends =
          new Offsets(connection, admin).at(committed.keySet(), OffsetSpec.latest());
      List<Map<String, Object>> rows = new ArrayList<>();
      committed.forEach(
          (partition, offset) -> {
            long end = ends.getOrDefault(partition, offset.offset());
            rows.add(
                row(
                    "group",
                    group,
                    "topic",
                    partition.topic(),
                    "partition",
                    partition.partition(),
                    "committed",
                    offset.offset(),
                    "end",
                    end,
                    "lag",
                    end - offset.offset()));
          });
      rows.sort(
          (a, b) ->
              (a.get("topic") + "/" + a.get("partition"))
                  .compareTo(b.get("topic") + "/" + b.get("partition")));
      connection.output().table(rows);
    }
    return 0;
  }

  @Command(
      description = "Set a group's offsets on a topic. The group must have no members.",
      mixinStandardHelpOptions = true)
  int reset(
      @Mixin Connection connection,
      @Parameters(paramLabel = "GROUP", description = "Its id.") String group,
      @Option(names = "--topic", required = true, description = "The topic.") String topic,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "POSITION",
              description = "earliest, latest, an offset, or an instant like 2026-01-31T12:00:00Z.")
          String to)
      throws InterruptedException {
    try (Admin admin = connection.admin()) {
      Map<TopicPartition, Long> targets =
          targets(connection, new Offsets(connection, admin), topic, to);
      Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
      targets.forEach((partition, offset) -> commits.put(partition, new OffsetAndMetadata(offset)));
      connection.await(admin.alterConsumerGroupOffsets(group, commits).all());
      connection
          .output()
          .table(
              targets.entrySet().stream()
                  .sorted((a, b) -> Integer.compare(a.getKey().partition(), b.getKey().partition()))
                  .map(
                      e ->
                          row(
                              "group",
                              group,
                              "topic",
                              topic,
                              "partition",
                              e.getKey().partition(),
                              "committed",
                              e.getValue()))
                  .toList());
    }
    return 0;
  }

  private static Map<TopicPartition, Long> targets(
      Connection connection, Offsets offsets, String topic, String to) throws InterruptedException {
    List<TopicPartition> partitions = offsets.partitionsOf(topic);
    if (to.equals("earliest")) {
      return offsets.at(partitions, OffsetSpec.earliest());
    }
    Map<TopicPartition, Long> ends = offsets.at(partitions, OffsetSpec.latest());
    if (to.equals("latest")) {
      return ends;
    }
    if (to.matches("\\d+")) {
      return partitions.stream().collect(Collectors.toMap(p -> p, _ -> Long.valueOf(to)));
    }
    try {
      long timestampMs = Instant.parse(to).toEpochMilli();
      Map<TopicPartition, Long> found =
          offsets.at(partitions, OffsetSpec.forTimestamp(timestampMs));
      ends.forEach((partition, end) -> found.replace(partition, Offsets.NONE, end));
      return found;
    } catch (DateTimeParseException e) {
      throw connection.refused(
          "--to takes earliest, latest, an offset, or an instant like 2026-01-31T12:00:00Z, not '"
              + to
              + "'");
    }
  }

  @Command(description = "Delete groups and their offsets.", mixinStandardHelpOptions = true)
  int delete(
      @Mixin Connection connection,
      @Parameters(paramLabel = "GROUP", arity = "1..*", description = "Ids.") List<String> groups)
      throws InterruptedException {
    try (Admin admin = connection.admin()) {
      connection.await(admin.deleteConsumerGroups(groups).all());
      connection
          .output()
          .done("Deleted " + String.join(", ", groups) + ".", Map.of("deleted", groups));
    }
    return 0;
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(
      Connection connection, Admin admin, String group) throws InterruptedException {
    Map<TopicPartition, @Nullable OffsetAndMetadata> all =
        connection.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    Map<TopicPartition, OffsetAndMetadata> present = new HashMap<>();
    all.forEach(
        (partition, offset) -> {
          if (offset != null) {
            present.put(partition, offset);
          }
        });
    return present;
  }
}
