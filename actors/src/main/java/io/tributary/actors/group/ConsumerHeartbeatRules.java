package io.tributary.actors.group;

import java.util.List;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.api.assignor.PartitionAssignor;
import org.jspecify.annotations.Nullable;

/** What a member's beat must say, whatever the group's state (KIP-848, "Request Validation"). */
final class ConsumerHeartbeatRules {
  private static final int JOIN_EPOCH = ConsumerGroupHeartbeatRequest.JOIN_GROUP_MEMBER_EPOCH;
  private static final int LEAVE_EPOCH = ConsumerGroupHeartbeatRequest.LEAVE_GROUP_MEMBER_EPOCH;
  private static final int STATIC_LEAVE_EPOCH =
      ConsumerGroupHeartbeatRequest.LEAVE_GROUP_STATIC_MEMBER_EPOCH;

  private final List<String> assignors;

  ConsumerHeartbeatRules(GroupCoordinatorConfig config) {
    this.assignors = config.consumerGroupAssignors().stream().map(PartitionAssignor::name).toList();
  }

  /**
   * @throws InvalidRequestException it contradicts itself
   * @throws UnsupportedAssignorException it asks for an assignor this cluster does not have
   */
  void check(ConsumerGroupHeartbeatRequestData data, int version) {
    boolean memberNamesItself =
        version >= ConsumerGroupHeartbeatRequest.CONSUMER_GENERATED_MEMBER_ID_REQUIRED_VERSION;
    if (memberNamesItself || data.memberEpoch() > 0 || data.memberEpoch() == LEAVE_EPOCH) {
      requireText(data.memberId(), "MemberId");
    }
    requireText(data.groupId(), "GroupId");
    requireText(data.instanceId(), "InstanceId");
    requireText(data.rackId(), "RackId");
    checkEpoch(data);
    if (data.serverAssignor() != null && !assignors.contains(data.serverAssignor())) {
      throw new UnsupportedAssignorException(
          "ServerAssignor "
              + data.serverAssignor()
              + " is not supported. Supported assignors: "
              + String.join(", ", assignors)
              + ".");
    }
  }

  private static void checkEpoch(ConsumerGroupHeartbeatRequestData data) {
    if (data.memberEpoch() == JOIN_EPOCH) {
      checkJoin(data);
    } else if (data.memberEpoch() == STATIC_LEAVE_EPOCH && data.instanceId() == null) {
      throw new InvalidRequestException("InstanceId can't be null.");
    } else if (data.memberEpoch() < STATIC_LEAVE_EPOCH) {
      throw new InvalidRequestException("MemberEpoch is invalid.");
    }
  }

  private static void checkJoin(ConsumerGroupHeartbeatRequestData data) {
    if (data.rebalanceTimeoutMs() == -1) {
      throw new InvalidRequestException("RebalanceTimeoutMs must be provided in first request.");
    }
    if (data.topicPartitions() == null || !data.topicPartitions().isEmpty()) {
      throw new InvalidRequestException("TopicPartitions must be empty when (re-)joining.");
    }
    if (data.subscribedTopicNames() == null && data.subscribedTopicRegex() == null) {
      throw new InvalidRequestException(
          "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
    }
  }

  private static void requireText(@Nullable String value, String field) {
    if (value != null && value.isBlank()) {
      throw new InvalidRequestException(field + " can't be empty.");
    }
  }
}
