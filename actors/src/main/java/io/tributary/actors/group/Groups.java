package io.tributary.actors.group;

import io.tributary.actors.shard.ShardRouter;
import io.tributary.actors.shard.ShardUnavailable;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.errors.ApiException;
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
import org.apache.kafka.common.message.ListGroupsRequestData;
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
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;

/**
 * The front door to the groups of the cluster: checks what needs no state, routes to the shard that
 * has the group, splits and gathers requests over several groups. A shard that does not answer
 * becomes a retriable coordinator error: whether it acted is unknown. Callable from any thread;
 * stages never fail.
 */
public final class Groups {
  /**
   * A sync waits for the leader, which has the group's longest rebalance time-out to send the
   * assignment; the request does not name it. Clients give up long before.
   */
  private static final Duration SYNC_WAIT_MAX = Duration.ofMinutes(10);

  /** A join may use up its member's rebalance time-out; clients wait five seconds more. */
  private static final Duration JOIN_WAIT_BEYOND_REBALANCE = Duration.ofSeconds(10);

  private final ShardRouter router;
  private final ShardCounts shards;
  private final GroupCoordinatorConfig config;
  private final ConsumerHeartbeatRules heartbeatRules;
  private final Duration answerWait;

  public Groups(ShardRouter router, ShardCounts shards, GroupCoordinatorConfig config) {
    this.router = router;
    this.shards = shards;
    this.config = config;
    this.heartbeatRules = new ConsumerHeartbeatRules(config);
    this.answerWait = Duration.ofMillis(config.offsetCommitTimeoutMs());
  }

  public CompletionStage<JoinGroupResponseData> join(
      GroupCaller caller, JoinGroupRequestData data) {
    GroupRequest.Join request = new GroupRequest.Join(caller, data);
    if (isEmpty(data.groupId())) {
      return refused(request, Errors.INVALID_GROUP_ID);
    }
    if (data.sessionTimeoutMs() < config.classicGroupMinSessionTimeoutMs()
        || data.sessionTimeoutMs() > config.classicGroupMaxSessionTimeoutMs()) {
      return refused(request, Errors.INVALID_SESSION_TIMEOUT);
    }
    long rebalanceMs = Math.max(data.rebalanceTimeoutMs(), data.sessionTimeoutMs());
    return ask(
        data.groupId(), request, Duration.ofMillis(rebalanceMs).plus(JOIN_WAIT_BEYOND_REBALANCE));
  }

  public CompletionStage<SyncGroupResponseData> sync(
      GroupCaller caller, SyncGroupRequestData data) {
    GroupRequest.Sync request = new GroupRequest.Sync(caller, data);
    return isEmpty(data.groupId())
        ? refused(request, Errors.INVALID_GROUP_ID)
        : ask(data.groupId(), request, SYNC_WAIT_MAX);
  }

  public CompletionStage<HeartbeatResponseData> heartbeat(
      GroupCaller caller, HeartbeatRequestData data) {
    return askNamed(data.groupId(), new GroupRequest.Heartbeat(caller, data));
  }

  public CompletionStage<LeaveGroupResponseData> leave(
      GroupCaller caller, LeaveGroupRequestData data) {
    return askNamed(data.groupId(), new GroupRequest.Leave(caller, data));
  }

  public CompletionStage<ConsumerGroupHeartbeatResponseData> consumerHeartbeat(
      GroupCaller caller, ConsumerGroupHeartbeatRequestData data) {
    GroupRequest.ConsumerHeartbeat request = new GroupRequest.ConsumerHeartbeat(caller, data);
    try {
      heartbeatRules.check(data, caller.requestVersion());
    } catch (ApiException e) {
      return CompletableFuture.completedFuture(
          request.refused(Errors.forException(e), e.getMessage()));
    }
    return ask(data.groupId(), request, answerWait);
  }

  /** The empty group id is allowed here and in {@link #fetchOffsets}, as it always was in Kafka. */
  public CompletionStage<OffsetCommitResponseData> commitOffsets(
      GroupCaller caller, OffsetCommitRequestData data) {
    return ask(data.groupId(), new GroupRequest.CommitOffsets(caller, data), answerWait);
  }

  /**
   * @param data topics by name (with version 10 also by id); null for all of the group's offsets
   */
  public CompletionStage<OffsetFetchResponseData.OffsetFetchResponseGroup> fetchOffsets(
      GroupCaller caller,
      OffsetFetchRequestData.OffsetFetchRequestGroup data,
      boolean requireStable) {
    return ask(
        data.groupId(), new GroupRequest.FetchOffsets(caller, data, requireStable), answerWait);
  }

  public CompletionStage<OffsetDeleteResponseData> deleteOffsets(
      GroupCaller caller, OffsetDeleteRequestData data) {
    return askNamed(data.groupId(), new GroupRequest.DeleteOffsets(caller, data));
  }

  /** The groups of all shards; an error when any of them did not answer. */
  public CompletionStage<ListGroupsResponseData> list(ListGroupsRequestData data) {
    GroupRequest.ListGroups request =
        new GroupRequest.ListGroups(data.statesFilter(), data.typesFilter());
    return IntStream.range(0, shards.groups())
        .mapToObj(index -> ask(new ShardId(ShardKind.GROUPS, index), request, answerWait))
        .reduce(gather(Groups::merge))
        .orElseThrow();
  }

  public CompletionStage<DescribeGroupsResponseData> describe(
      GroupCaller caller, List<String> groupIds) {
    return split(
        groupIds,
        new DescribeGroupsResponseData(),
        ids -> new GroupRequest.DescribeGroups(caller, ids),
        (all, some) -> {
          all.groups().addAll(some.groups());
          return all;
        });
  }

  public CompletionStage<ConsumerGroupDescribeResponseData> describeConsumerGroups(
      List<String> groupIds) {
    ConsumerGroupDescribeResponseData invalid = new ConsumerGroupDescribeResponseData();
    List<String> valid = new ArrayList<>();
    for (String groupId : groupIds) {
      if (isEmpty(groupId)) {
        invalid
            .groups()
            .add(
                new ConsumerGroupDescribeResponseData.DescribedGroup()
                    .setGroupId(groupId)
                    .setErrorCode(Errors.INVALID_GROUP_ID.code()));
      } else {
        valid.add(groupId);
      }
    }
    return split(
        valid,
        invalid,
        GroupRequest.DescribeConsumerGroups::new,
        (all, some) -> {
          all.groups().addAll(some.groups());
          return all;
        });
  }

  public CompletionStage<DeleteGroupsResponseData> delete(
      GroupCaller caller, List<String> groupIds) {
    return split(
        groupIds,
        new DeleteGroupsResponseData(),
        ids -> new GroupRequest.DeleteGroups(caller, ids),
        (all, some) -> {
          // An element of Kafka's linked collections can be in one collection only.
          some.results().forEach(result -> all.results().add(result.duplicate()));
          return all;
        });
  }

  private <A> CompletionStage<A> askNamed(String groupId, GroupRequest.OfClient<A> request) {
    return isEmpty(groupId)
        ? refused(request, Errors.INVALID_GROUP_ID)
        : ask(groupId, request, answerWait);
  }

  private <A> CompletionStage<A> ask(
      String groupId, GroupRequest.OfClient<A> request, Duration timeout) {
    return ask(shards.shardOf(ShardKind.GROUPS, groupId), request, timeout);
  }

  private <A> CompletionStage<A> ask(
      ShardId shard, GroupRequest.OfClient<A> request, Duration timeout) {
    return router
        .ask(shard, request, timeout)
        .exceptionally(failure -> request.refused(errorOf(failure), null));
  }

  private <A> CompletionStage<A> split(
      List<String> groupIds,
      A none,
      Function<List<String>, GroupRequest.OfClient<A>> request,
      BinaryOperator<A> merge) {
    Map<ShardId, List<String>> byShard =
        groupIds.stream()
            .collect(
                Collectors.groupingBy(
                    id -> shards.shardOf(ShardKind.GROUPS, id),
                    LinkedHashMap::new,
                    Collectors.toList()));
    CompletionStage<A> gathered = CompletableFuture.completedFuture(none);
    for (Map.Entry<ShardId, List<String>> entry : byShard.entrySet()) {
      gathered =
          gathered.thenCombine(
              ask(entry.getKey(), request.apply(entry.getValue()), answerWait), merge);
    }
    return gathered;
  }

  private static <A> BinaryOperator<CompletionStage<A>> gather(BinaryOperator<A> merge) {
    return (one, other) -> one.thenCombine(other, merge);
  }

  private static ListGroupsResponseData merge(
      ListGroupsResponseData one, ListGroupsResponseData other) {
    if (one.errorCode() != Errors.NONE.code()) {
      return one;
    }
    if (other.errorCode() != Errors.NONE.code()) {
      return other;
    }
    List<ListGroupsResponseData.ListedGroup> groups = new ArrayList<>(one.groups());
    groups.addAll(other.groups());
    return new ListGroupsResponseData().setGroups(groups);
  }

  private static Errors errorOf(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    return cause instanceof ShardUnavailable
        ? Errors.COORDINATOR_NOT_AVAILABLE
        : Errors.forException(cause);
  }

  private static <A> CompletionStage<A> refused(GroupRequest.OfClient<A> request, Errors error) {
    return CompletableFuture.completedFuture(request.refused(error, null));
  }

  private static boolean isEmpty(String groupId) {
    return groupId == null || groupId.isEmpty();
  }
}
