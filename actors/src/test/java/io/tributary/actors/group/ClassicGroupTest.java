package io.tributary.actors.group;

import static io.tributary.actors.group.GroupShardHost.caller;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ClassicGroupTest {
  private static final Duration SESSION = Duration.ofSeconds(10);
  private static final Duration REBALANCE = Duration.ofSeconds(30);

  private final GroupShardHost host = new GroupShardHost();

  @Test
  void aNewMemberMustJoinUnderTheIdItIsGiven() {
    JoinGroupResponseData first = join("a", "").join();

    assertThat(Errors.forCode(first.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
    assertThat(first.memberId()).startsWith("a-");
  }

  @Test
  void theLeaderAssignsAndEveryMemberLearnsWhenItIsDurable() {
    String leader = newMember("a");
    JoinGroupResponseData alone = join("a", leader).join();
    assertThat(alone.leader()).isEqualTo(leader);
    host.holdCommits();

    CompletableFuture<SyncGroupResponseData> synced =
        sync(leader, alone.generationId(), List.of(assignment(leader, "all")));
    assertThat(synced).isNotDone();
    host.commitAll();

    assertThat(synced.join().assignment()).asString(StandardCharsets.UTF_8).isEqualTo("all");
    assertThat(heartbeat(leader, alone.generationId())).isEqualTo(Errors.NONE);
  }

  @Test
  void aSecondMemberMakesTheFirstRejoin() {
    Member first = stableMember("a");
    String second = newMember("b");
    CompletableFuture<JoinGroupResponseData> joining = join("b", second);
    assertThat(joining).isNotDone();
    assertThat(heartbeat(first.id, first.generation)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);

    JoinGroupResponseData rejoined = join("a", first.id).join();

    assertThat(joining.join().generationId()).isEqualTo(rejoined.generationId());
    assertThat(rejoined.members()).hasSize(2);
    assertThat(joining.join().members()).isEmpty();
    CompletableFuture<SyncGroupResponseData> follower =
        sync(second, rejoined.generationId(), List.of());
    assertThat(follower).isNotDone();
    sync(
        first.id,
        rejoined.generationId(),
        List.of(assignment(first.id, "one"), assignment(second, "two")));
    assertThat(follower.join().assignment()).asString(StandardCharsets.UTF_8).isEqualTo("two");
  }

  @Test
  void aSilentMemberIsOutWhenItsSessionEnds() {
    Member member = stableMember("a");

    host.advance(SESSION.plusSeconds(1));

    assertThat(heartbeat(member.id, member.generation)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(stateOf("g")).isEqualTo("Empty");
  }

  @Test
  void aBeatingMemberStays() {
    Member member = stableMember("a");
    for (int i = 0; i < 5; i++) {
      host.advance(SESSION.dividedBy(2));
      assertThat(heartbeat(member.id, member.generation)).isEqualTo(Errors.NONE);
    }
  }

  @Test
  void aRestartKeepsMembersAndGeneration() {
    Member member = stableMember("a");
    DescribedGroup before = describe("g");

    host.restart();

    assertThat(describe("g")).isEqualTo(before);
    assertThat(heartbeat(member.id, member.generation)).isEqualTo(Errors.NONE);
  }

  @Test
  void aCheckpointHoldsWhatTheJournalHeld() {
    stableMember("a");
    DescribedGroup before = describe("g");

    host.publishCheckpoint();
    host.restart();

    assertThat(host.durableRecords()).isZero();
    assertThat(describe("g")).isEqualTo(before);
  }

  @Test
  void aRestartedShardStillEndsSilentSessions() {
    stableMember("a");

    host.restart();
    host.advance(SESSION.plusSeconds(1));

    assertThat(stateOf("g")).isEqualTo("Empty");
  }

  @Test
  void aGroupIsDeletedOnceItsMembersLeft() {
    Member member = stableMember("a");
    assertThat(delete("g")).isEqualTo(Errors.NON_EMPTY_GROUP);

    host.ask(
            new GroupRequest.Leave(
                caller(ApiKeys.LEAVE_GROUP, "a"),
                new LeaveGroupRequestData()
                    .setGroupId("g")
                    .setMembers(List.of(new MemberIdentity().setMemberId(member.id)))))
        .join();

    assertThat(delete("g")).isEqualTo(Errors.NONE);
    host.restart();
    assertThat(list()).isEmpty();
  }

  @Test
  void aFailedAssignmentCommitAnswersNoSync() {
    String leader = newMember("a");
    JoinGroupResponseData alone = join("a", leader).join();
    host.holdCommits();
    CompletableFuture<SyncGroupResponseData> synced =
        sync(leader, alone.generationId(), List.of(assignment(leader, "all")));

    host.refuseCommits();

    assertThat(synced).isNotDone();
  }

  private record Member(String id, int generation) {}

  private Member stableMember(String clientId) {
    String id = newMember(clientId);
    int generation = join(clientId, id).join().generationId();
    SyncGroupResponseData synced = sync(id, generation, List.of(assignment(id, "all"))).join();
    assertThat(Errors.forCode(synced.errorCode())).isEqualTo(Errors.NONE);
    return new Member(id, generation);
  }

  private String newMember(String clientId) {
    return join(clientId, "").join().memberId();
  }

  private CompletableFuture<JoinGroupResponseData> join(String clientId, String memberId) {
    JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
    protocols.add(
        new JoinGroupRequestProtocol()
            .setName("range")
            .setMetadata(clientId.getBytes(StandardCharsets.UTF_8)));
    return host.ask(
        new GroupRequest.Join(
            caller(ApiKeys.JOIN_GROUP, clientId),
            new JoinGroupRequestData()
                .setGroupId("g")
                .setMemberId(memberId)
                .setProtocolType("consumer")
                .setSessionTimeoutMs((int) SESSION.toMillis())
                .setRebalanceTimeoutMs((int) REBALANCE.toMillis())
                .setProtocols(protocols)));
  }

  private CompletableFuture<SyncGroupResponseData> sync(
      String memberId, int generation, List<SyncGroupRequestAssignment> assignments) {
    return host.ask(
        new GroupRequest.Sync(
            caller(ApiKeys.SYNC_GROUP, "client"),
            new SyncGroupRequestData()
                .setGroupId("g")
                .setMemberId(memberId)
                .setGenerationId(generation)
                .setProtocolType("consumer")
                .setProtocolName("range")
                .setAssignments(assignments)));
  }

  private Errors heartbeat(String memberId, int generation) {
    return Errors.forCode(
        host.ask(
                new GroupRequest.Heartbeat(
                    caller(ApiKeys.HEARTBEAT, "client"),
                    new HeartbeatRequestData()
                        .setGroupId("g")
                        .setMemberId(memberId)
                        .setGenerationId(generation)))
            .join()
            .errorCode());
  }

  private Errors delete(String groupId) {
    return Errors.forCode(
        host.ask(
                new GroupRequest.DeleteGroups(
                    caller(ApiKeys.DELETE_GROUPS, "admin"), List.of(groupId)))
            .join()
            .results()
            .find(groupId)
            .errorCode());
  }

  private DescribedGroup describe(String groupId) {
    return host.ask(
            new GroupRequest.DescribeGroups(
                caller(ApiKeys.DESCRIBE_GROUPS, "admin"), List.of(groupId)))
        .join()
        .groups()
        .getFirst();
  }

  private String stateOf(String groupId) {
    return describe(groupId).groupState();
  }

  private List<ListedGroup> list() {
    return host.ask(new GroupRequest.ListGroups(List.of(), List.of())).join().groups();
  }

  private static SyncGroupRequestAssignment assignment(String memberId, String text) {
    return new SyncGroupRequestAssignment()
        .setMemberId(memberId)
        .setAssignment(text.getBytes(StandardCharsets.UTF_8));
  }
}
