package io.tributary.actors.group;

import io.tributary.actors.shard.ShardRequest;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.jspecify.annotations.Nullable;

/**
 * What a group shard is asked. Requests and answers are Kafka's own; the groups a request names all
 * live in the shard it is sent to ({@link Groups} splits the ones that do not).
 *
 * @param <A> its answer
 */
public sealed interface GroupRequest<A> extends ShardRequest<A> {
  /** A request of a Kafka client: always answered, if only with an error. */
  sealed interface OfClient<A> extends GroupRequest<A> {
    /** The answer that says {@code error} the way this API says it. */
    A refused(Errors error, @Nullable String message);
  }

  /**
   * A classic member joins; answered when the rebalance it starts or meets has gathered members.
   */
  record Join(GroupCaller caller, JoinGroupRequestData data)
      implements OfClient<JoinGroupResponseData> {
    @Override
    public JoinGroupResponseData refused(Errors error, @Nullable String message) {
      return new JoinGroupResponseData().setMemberId(data.memberId()).setErrorCode(error.code());
    }
  }

  /** A classic member asks for its assignment; answered when the leader has sent it. */
  record Sync(GroupCaller caller, SyncGroupRequestData data)
      implements OfClient<SyncGroupResponseData> {
    @Override
    public SyncGroupResponseData refused(Errors error, @Nullable String message) {
      return new SyncGroupResponseData().setErrorCode(error.code());
    }
  }

  record Heartbeat(GroupCaller caller, HeartbeatRequestData data)
      implements OfClient<HeartbeatResponseData> {
    @Override
    public HeartbeatResponseData refused(Errors error, @Nullable String message) {
      return new HeartbeatResponseData().setErrorCode(error.code());
    }
  }

  record Leave(GroupCaller caller, LeaveGroupRequestData data)
      implements OfClient<LeaveGroupResponseData> {
    @Override
    public LeaveGroupResponseData refused(Errors error, @Nullable String message) {
      if (error != Errors.UNKNOWN_MEMBER_ID) {
        return new LeaveGroupResponseData().setErrorCode(error.code());
      }
      // The group is gone: every member of the batch gets the error, the batch itself none.
      return new LeaveGroupResponseData()
          .setMembers(
              data.members().stream()
                  .map(
                      member ->
                          new LeaveGroupResponseData.MemberResponse()
                              .setMemberId(member.memberId())
                              .setGroupInstanceId(member.groupInstanceId())
                              .setErrorCode(error.code()))
                  .toList());
    }
  }

  /** The beat of a member of the consumer protocol (KIP-848): joins, leaves, subscribes, acks. */
  record ConsumerHeartbeat(GroupCaller caller, ConsumerGroupHeartbeatRequestData data)
      implements OfClient<ConsumerGroupHeartbeatResponseData> {
    @Override
    public ConsumerGroupHeartbeatResponseData refused(Errors error, @Nullable String message) {
      return new ConsumerGroupHeartbeatResponseData()
          .setErrorCode(error.code())
          .setErrorMessage(message);
    }
  }

  record CommitOffsets(GroupCaller caller, OffsetCommitRequestData data)
      implements OfClient<OffsetCommitResponseData> {
    @Override
    public OffsetCommitResponseData refused(Errors error, @Nullable String message) {
      return OffsetCommitRequest.getErrorResponse(data, error);
    }
  }

  /**
   * The committed offsets of one group; of all its partitions when {@code data.topics()} is null.
   *
   * @param requireStable waits for the offsets that are being written now
   */
  record FetchOffsets(
      GroupCaller caller,
      OffsetFetchRequestData.OffsetFetchRequestGroup data,
      boolean requireStable)
      implements OfClient<OffsetFetchResponseData.OffsetFetchResponseGroup> {
    @Override
    public OffsetFetchResponseData.OffsetFetchResponseGroup refused(
        Errors error, @Nullable String message) {
      // Clients before 3.9 give up on time-outs and absent coordinators here; this one they retry.
      Errors retried = error == Errors.COORDINATOR_NOT_AVAILABLE ? Errors.NOT_COORDINATOR : error;
      return OffsetFetchResponse.groupError(data, retried, caller.requestVersion());
    }
  }

  record DeleteOffsets(GroupCaller caller, OffsetDeleteRequestData data)
      implements OfClient<OffsetDeleteResponseData> {
    @Override
    public OffsetDeleteResponseData refused(Errors error, @Nullable String message) {
      return new OffsetDeleteResponseData().setErrorCode(error.code());
    }
  }

  /** The shard's groups. Empty filters let everything pass. */
  record ListGroups(List<String> states, List<String> types)
      implements OfClient<ListGroupsResponseData> {
    @Override
    public ListGroupsResponseData refused(Errors error, @Nullable String message) {
      return new ListGroupsResponseData().setErrorCode(error.code());
    }
  }

  record DescribeGroups(GroupCaller caller, List<String> groupIds)
      implements OfClient<DescribeGroupsResponseData> {
    @Override
    public DescribeGroupsResponseData refused(Errors error, @Nullable String message) {
      return new DescribeGroupsResponseData()
          .setGroups(DescribeGroupsRequest.getErrorDescribedGroupList(groupIds, error));
    }
  }

  record DescribeConsumerGroups(List<String> groupIds)
      implements OfClient<ConsumerGroupDescribeResponseData> {
    @Override
    public ConsumerGroupDescribeResponseData refused(Errors error, @Nullable String message) {
      return new ConsumerGroupDescribeResponseData()
          .setGroups(ConsumerGroupDescribeRequest.getErrorDescribedGroupList(groupIds, error));
    }
  }

  record DeleteGroups(GroupCaller caller, List<String> groupIds)
      implements OfClient<DeleteGroupsResponseData> {
    @Override
    public DeleteGroupsResponseData refused(Errors error, @Nullable String message) {
      return new DeleteGroupsResponseData()
          .setResults(DeleteGroupsRequest.getErrorResultCollection(groupIds, error));
    }
  }

  /**
   * A topic is deleted: the shard forgets its offsets. Answered only once that is durable, so no
   * answer means: ask again.
   */
  record TopicDeleted(String name, UUID id) implements GroupRequest<TopicForgotten> {}

  /** The shard has journaled that it knows no offsets of the topic. */
  record TopicForgotten() {}
}
