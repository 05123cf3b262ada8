package io.tributary.node.topics;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.ConfigEdit;
import io.tributary.actors.cluster.Topics.NewTopic;
import io.tributary.node.cluster.BrokerConfigs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * What may be created, in Apache Kafka's words. Replicas are a wish that the object store grants:
 * up to three are accepted on any number of nodes, and one is shown.
 */
final class NewTopicRules {
  /** What clients see: the object store's copies are not theirs to count. */
  static final short REPLICATION_FACTOR = 1;

  private static final short REPLICATION_FACTOR_MAX = 3;

  private final BrokerConfigs configs;

  NewTopicRules(BrokerConfigs configs) {
    this.configs = configs;
  }

  sealed interface Result {
    record Accepted(NewTopic topic) implements Result {}

    record Refused(ApiError error) implements Result {}
  }

  Result check(CreatableTopic topic, ClusterImage image) {
    Map<String, String> overrides = new HashMap<>();
    for (CreatableTopicConfig config : topic.configs()) {
      if (config.value() != null) {
        overrides.put(config.name(), config.value());
      }
    }
    return nameRefusal(topic.name())
        .or(() -> configRefusal(topic, overrides))
        .or(() -> shapeRefusal(topic, image))
        .<Result>map(Result.Refused::new)
        .orElseGet(
            () -> new Result.Accepted(new NewTopic(topic.name(), partitions(topic), overrides)));
  }

  private int partitions(CreatableTopic topic) {
    if (!topic.assignments().isEmpty()) {
      return topic.assignments().size();
    }
    return topic.numPartitions() == -1 ? configs.partitionsDefault() : topic.numPartitions();
  }

  private static Optional<ApiError> nameRefusal(String name) {
    try {
      Topic.validate(name);
    } catch (InvalidTopicException e) {
      return refused(Errors.INVALID_TOPIC_EXCEPTION, String.valueOf(e.getMessage()));
    }
    return Topic.isInternal(name) || name.equals(Topic.CLUSTER_METADATA_TOPIC_NAME)
        ? refused(
            Errors.INVALID_TOPIC_EXCEPTION,
            "Topic '" + name + "' is internal and cannot be created by clients.")
        : Optional.empty();
  }

  private Optional<ApiError> configRefusal(CreatableTopic topic, Map<String, String> overrides) {
    List<String> withoutValue =
        topic.configs().stream()
            .filter(config -> config.value() == null)
            .map(CreatableTopicConfig::name)
            .sorted()
            .toList();
    if (!withoutValue.isEmpty()) {
      return refused(
          Errors.INVALID_CONFIG,
          "Null value not supported for topic configs: " + String.join(",", withoutValue));
    }
    return switch (configs.topicRules().check(Map.of(), overrides)) {
      case ConfigEdit.Result.Accepted _ -> Optional.empty();
      case ConfigEdit.Result.Refused(Errors error, String message) -> refused(error, message);
    };
  }

  private Optional<ApiError> shapeRefusal(CreatableTopic topic, ClusterImage image) {
    if (!topic.assignments().isEmpty()) {
      return assignedRefusal(topic, image);
    }
    short replicas = topic.replicationFactor();
    if (replicas < -1 || replicas == 0) {
      return refused(
          Errors.INVALID_REPLICATION_FACTOR,
          "Replication factor must be larger than 0, or -1 to use the default value.");
    }
    if (topic.numPartitions() < -1 || topic.numPartitions() == 0) {
      return refused(
          Errors.INVALID_PARTITIONS,
          "Number of partitions was set to an invalid non-positive value.");
    }
    if (replicas > REPLICATION_FACTOR_MAX) {
      return refused(
          Errors.INVALID_REPLICATION_FACTOR,
          ("Unable to replicate the partition %d time(s): The target replication factor of %d"
                  + " cannot be reached because only %d broker(s) are registered.")
              .formatted(replicas, replicas, image.brokers().size()));
    }
    return Optional.empty();
  }

  private static Optional<ApiError> assignedRefusal(CreatableTopic topic, ClusterImage image) {
    if (topic.replicationFactor() != -1) {
      return refused(
          Errors.INVALID_REQUEST,
          "A manual partition assignment was specified, but replication factor was not set to -1.");
    }
    if (topic.numPartitions() != -1) {
      return refused(
          Errors.INVALID_REQUEST,
          "A manual partition assignment was specified, but numPartitions was not set to -1.");
    }
    Set<Integer> assigned = new HashSet<>();
    OptionalInt replicas = OptionalInt.empty();
    for (CreatableReplicaAssignment assignment : topic.assignments()) {
      int partition = assignment.partitionIndex();
      if (!assigned.add(partition)) {
        return refused(
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "Found multiple manual partition assignments for partition " + partition);
      }
      Optional<ApiError> refusal =
          ReplicaAssignments.refusal(assignment.brokerIds(), replicas, image);
      if (refusal.isPresent()) {
        return refusal;
      }
      replicas = OptionalInt.of(assignment.brokerIds().size());
    }
    for (int partition = 0; partition < assigned.size(); partition++) {
      if (!assigned.contains(partition)) {
        return refused(
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "partitions should be a consecutive 0-based integer sequence");
      }
    }
    return Optional.empty();
  }

  private static Optional<ApiError> refused(Errors error, String message) {
    return Optional.of(new ApiError(error, message));
  }
}
