package io.tributary.actors.group;

import static io.tributary.actors.group.GroupShardHost.caller;
import static io.tributary.actors.group.OffsetRequests.commit;
import static io.tributary.actors.group.OffsetRequests.errorOf;
import static io.tributary.actors.group.OffsetRequests.fetch;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.shard.ShardRequest;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.actors.shard.ShardUnavailable;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupsTest {
  private static final ShardCounts SHARDS = new ShardCounts(1, 3, 1);

  private final FakeRouter router = new FakeRouter();
  private final Groups groups =
      new Groups(router, SHARDS, GroupCoordinatorConfig.fromProps(Map.of()));

  @Test
  void groupsOfAllShardsAreListed() {
    List<String> ids = IntStream.range(0, 10).mapToObj(i -> "group-" + i).toList();
    ids.forEach(id -> groups.commitOffsets(caller(ApiKeys.OFFSET_COMMIT, "c"), data(id)));

    assertThat(get(groups.list(new ListGroupsRequestData())).groups())
        .extracting(ListedGroup::groupId)
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void aListWithoutAllShardsIsAnErrorNotAShorterList() {
    router.unavailable = new ShardId(GroupShardHost.SHARD.kind(), 1);

    assertThat(get(groups.list(new ListGroupsRequestData())).errorCode())
        .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
  }

  @Test
  void groupsToDescribeAreSplitByShardAndGathered() {
    List<String> ids = IntStream.range(0, 10).mapToObj(i -> "group-" + i).toList();
    router.unavailable = SHARDS.shardOf(GroupShardHost.SHARD.kind(), "group-0");

    DescribeGroupsResponseData described =
        get(groups.describe(caller(ApiKeys.DESCRIBE_GROUPS, "c"), ids));

    assertThat(described.groups()).hasSize(10);
    assertThat(described.groups())
        .allSatisfy(
            group -> {
              boolean isAway =
                  SHARDS
                      .shardOf(GroupShardHost.SHARD.kind(), group.groupId())
                      .equals(router.unavailable);
              assertThat(Errors.forCode(group.errorCode()))
                  .isEqualTo(isAway ? Errors.COORDINATOR_NOT_AVAILABLE : Errors.GROUP_ID_NOT_FOUND);
            });
  }

  @Test
  void groupsToDeleteAreSplitByShardAndGathered() {
    List<String> ids = IntStream.range(0, 10).mapToObj(i -> "group-" + i).toList();
    ids.forEach(id -> groups.commitOffsets(caller(ApiKeys.OFFSET_COMMIT, "c"), data(id)));

    var deleted = get(groups.delete(caller(ApiKeys.DELETE_GROUPS, "c"), ids));

    assertThat(deleted.results()).hasSize(10);
    assertThat(deleted.results()).allMatch(result -> result.errorCode() == Errors.NONE.code());
    assertThat(get(groups.list(new ListGroupsRequestData())).groups()).isEmpty();
  }

  @Test
  void aShardWithoutAnswerIsARetriableError() {
    router.unavailable = SHARDS.shardOf(GroupShardHost.SHARD.kind(), "g");

    assertThat(
            errorOf(
                get(
                    groups.commitOffsets(
                        caller(ApiKeys.OFFSET_COMMIT, "c"), commit("g", "t", 0, 1).data()))))
        .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
    assertThat(
            get(groups.fetchOffsets(
                    caller(ApiKeys.OFFSET_FETCH, "c"), fetch("g", "t", 0, true).data(), true))
                .errorCode())
        .isEqualTo(Errors.NOT_COORDINATOR.code());
  }

  @Test
  void aJoinMayTakeAsLongAsTheRebalance() {
    groups.join(
        caller(ApiKeys.JOIN_GROUP, "c"),
        new JoinGroupRequestData()
            .setGroupId("g")
            .setSessionTimeoutMs(10_000)
            .setRebalanceTimeoutMs(300_000));

    assertThat(router.lastTimeout).isGreaterThan(Duration.ofMinutes(5));
  }

  @Test
  void aSessionTimeOutOutOfBoundsIsRefusedAtTheDoor() {
    var answer =
        get(
            groups.join(
                caller(ApiKeys.JOIN_GROUP, "c"),
                new JoinGroupRequestData().setGroupId("g").setSessionTimeoutMs(1)));

    assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_SESSION_TIMEOUT.code());
  }

  @Test
  void anEmptyGroupIdIsRefusedWhereKafkaRefusesIt() {
    assertThat(
            get(groups.join(
                    caller(ApiKeys.JOIN_GROUP, "c"),
                    new JoinGroupRequestData().setGroupId("").setSessionTimeoutMs(10_000)))
                .errorCode())
        .isEqualTo(Errors.INVALID_GROUP_ID.code());
    assertThat(get(groups.describeConsumerGroups(List.of(""))).groups().getFirst().errorCode())
        .isEqualTo(Errors.INVALID_GROUP_ID.code());
    assertThat(errorOf(get(groups.commitOffsets(caller(ApiKeys.OFFSET_COMMIT, "c"), data("")))))
        .isEqualTo(Errors.NONE);
  }

  @Test
  void aBeatThatContradictsItselfIsRefusedWithTheReason() {
    ConsumerGroupHeartbeatRequestData beat =
        new ConsumerGroupHeartbeatRequestData().setGroupId("g").setMemberId("m");

    var refused =
        get(
            groups.consumerHeartbeat(
                caller(ApiKeys.CONSUMER_GROUP_HEARTBEAT, "c"), beat.setMemberEpoch(0)));
    assertThat(refused.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    assertThat(refused.errorMessage()).contains("RebalanceTimeoutMs");

    var unsupported =
        get(
            groups.consumerHeartbeat(
                caller(ApiKeys.CONSUMER_GROUP_HEARTBEAT, "c"),
                beat.setMemberEpoch(1).setServerAssignor("dice")));
    assertThat(unsupported.errorCode()).isEqualTo(Errors.UNSUPPORTED_ASSIGNOR.code());
    assertThat(unsupported.errorMessage()).contains("uniform, range");
  }

  private static OffsetCommitRequestData data(String groupId) {
    return commit(groupId, "t", 0, 1).data();
  }

  private static <A> A get(CompletionStage<A> answer) {
    assertThat(answer.toCompletableFuture()).isDone();
    return answer.toCompletableFuture().join();
  }

  /** Every shard is there and serves, but one. */
  private static final class FakeRouter implements ShardRouter {
    private final Map<ShardId, GroupShardHost> hosts = new HashMap<>();
    private @Nullable ShardId unavailable;
    private Duration lastTimeout = Duration.ZERO;

    @Override
    public <A> CompletionStage<A> ask(ShardId shard, ShardRequest<A> request, Duration timeout) {
      lastTimeout = timeout;
      if (shard.equals(unavailable)) {
        return CompletableFuture.failedFuture(new ShardUnavailable(shard, "the test says so"));
      }
      return hosts.computeIfAbsent(shard, _ -> new GroupShardHost()).ask((GroupRequest<A>) request);
    }
  }
}
