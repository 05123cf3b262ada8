package io.tributary.node.command;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Asks a cluster for offsets and partitions. */
record Offsets(Connection connection, Admin admin) {
  static final long NONE = -1;

  /** For every partition the offset that {@code spec} names; {@link #NONE} where there is none. */
  Map<TopicPartition, Long> at(Collection<TopicPartition> partitions, OffsetSpec spec)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> question =
        partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    connection
        .await(admin.listOffsets(question).all())
        .forEach((partition, answer) -> offsets.put(partition, answer.offset()));
    return offsets;
  }

  List<TopicPartition> partitionsOf(String topic) throws InterruptedException {
    return connection.await(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
        .flatMap(description -> description.partitions().stream())
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }
}
