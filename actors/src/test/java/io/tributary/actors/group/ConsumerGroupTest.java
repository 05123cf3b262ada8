package io.tributary.actors.group;

import static io.tributary.actors.group.GroupShardHost.caller;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Groups of the consumer protocol (KIP-848), beat by beat. */
class ConsumerGroupTest {
  private static final String ONE = Uuid.randomUuid().toString();
  private static final String OTHER = Uuid.randomUuid().toString();

  private final GroupShardHost host = new GroupShardHost();

  @Test
  void theFirstBeatAssignsAllPartitions() {
    host.createTopic("t", 3);

    ConsumerGroupHeartbeatResponseData joined = join(ONE, "t");

    assertThat(joined.memberEpoch()).isPositive();
    assertThat(partitionsOf(joined)).containsExactly(0, 1, 2);
  }

  @Test
  void anAnswerWaitsForItsCommit() {
    host.createTopic("t", 3);
    host.holdCommits();

    var joining = host.ask(request(joinData(ONE).setSubscribedTopicNames(List.of("t"))));
    assertThat(joining).isNotDone();
    host.commitAll();

    assertThat(partitionsOf(joining.join())).hasSize(3);
  }

  @Test
  void partitionsMoveToASecondMemberOnceTheFirstGaveThemUp() {
    UUID topic = host.createTopic("t", 2);
    ConsumerGroupHeartbeatResponseData first = join(ONE, "t");
    ConsumerGroupHeartbeatResponseData second = join(OTHER, "t");
    assertThat(partitionsOf(second)).isEmpty();

    ConsumerGroupHeartbeatResponseData revoking =
        beatUntilAssigned(ONE, first.memberEpoch(), topic, 0, 1);
    assertThat(partitionsOf(revoking)).hasSize(1);
    int kept = partitionsOf(revoking).first();
    ConsumerGroupHeartbeatResponseData revoked = beat(ONE, revoking.memberEpoch(), topic, kept);

    assertThat(revoked.memberEpoch()).isGreaterThan(first.memberEpoch());
    assertThat(partitionsOf(beatUntilAssigned(OTHER, second.memberEpoch(), topic)))
        .containsExactly(1 - kept);
  }

  @Test
  void partitionsAddedToATopicAreAssigned() {
    host.createTopic("t", 1);
    ConsumerGroupHeartbeatResponseData joined = join(ONE, "t");
    host.deleteTopic("t");
    UUID again = host.createTopic("t", 4);

    ConsumerGroupHeartbeatResponseData next = beatUntilAssigned(ONE, joined.memberEpoch(), again);

    assertThat(partitionsOf(next)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aRegularExpressionFindsItsTopics() {
    host.createTopic("orders-eu", 1);
    host.createTopic("orders-us", 1);
    host.createTopic("payments", 1);

    ConsumerGroupHeartbeatResponseData joined =
        host.ask(request(joinData(ONE).setSubscribedTopicRegex("orders-.*"))).join();
    ConsumerGroupHeartbeatResponseData next =
        host.ask(request(beatData(ONE, joined.memberEpoch()))).join();

    assertThat(next.assignment().topicPartitions()).hasSize(2);
  }

  @Test
  void aSilentMemberIsFencedAndItsPartitionsGoOn() {
    host.createTopic("t", 1);
    ConsumerGroupHeartbeatResponseData joined = join(ONE, "t");

    host.advance(Duration.ofSeconds(46));

    assertThat(errorOf(host.ask(request(beatData(ONE, joined.memberEpoch()))).join()))
        .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    assertThat(partitionsOf(join(OTHER, "t"))).containsExactly(0);
  }

  @Test
  void aRestartKeepsEpochsAndAssignments() {
    host.createTopic("t", 3);
    ConsumerGroupHeartbeatResponseData joined = join(ONE, "t");
    DescribedGroup before = describe();

    host.restart();
    assertThat(describe()).isEqualTo(before);
    host.publishCheckpoint();
    host.restart();

    assertThat(describe()).isEqualTo(before);
    assertThat(errorOf(host.ask(request(beatData(ONE, joined.memberEpoch()))).join()))
        .isEqualTo(Errors.NONE);
  }

  @Test
  void aMemberThatLeavesIsGoneAfterARestartToo() {
    host.createTopic("t", 3);
    join(ONE, "t");
    ConsumerGroupHeartbeatResponseData left = host.ask(request(beatData(ONE, -1))).join();
    assertThat(errorOf(left)).isEqualTo(Errors.NONE);

    host.publishCheckpoint();
    host.restart();

    assertThat(describe().members()).isEmpty();
    assertThat(describe().groupState()).isEqualTo("Empty");
  }

  /** A group is assigned anew at most once a second, by a beat that finds it due. */
  private ConsumerGroupHeartbeatResponseData beatUntilAssigned(
      String member, int epoch, UUID topic, Integer... owned) {
    for (int beats = 0; beats < 5; beats++) {
      ConsumerGroupHeartbeatResponseData answer = beat(member, epoch, topic, owned);
      if (answer.assignment() != null) {
        return answer;
      }
      host.advance(Duration.ofSeconds(1));
    }
    throw new AssertionError("no assignment came");
  }

  private ConsumerGroupHeartbeatResponseData join(String member, String topic) {
    return host.ask(request(joinData(member).setSubscribedTopicNames(List.of(topic)))).join();
  }

  private ConsumerGroupHeartbeatResponseData beat(
      String member, int epoch, UUID topic, Integer... owned) {
    List<TopicPartitions> partitions =
        owned.length == 0
            ? List.of()
            : List.of(
                new TopicPartitions()
                    .setTopicId(
                        new Uuid(topic.getMostSignificantBits(), topic.getLeastSignificantBits()))
                    .setPartitions(List.of(owned)));
    return host.ask(request(beatData(member, epoch).setTopicPartitions(partitions))).join();
  }

  private static ConsumerGroupHeartbeatRequestData joinData(String member) {
    return beatData(member, 0).setRebalanceTimeoutMs(60_000).setTopicPartitions(List.of());
  }

  private static ConsumerGroupHeartbeatRequestData beatData(String member, int epoch) {
    return new ConsumerGroupHeartbeatRequestData()
        .setGroupId("g")
        .setMemberId(member)
        .setMemberEpoch(epoch);
  }

  private static GroupRequest.ConsumerHeartbeat request(ConsumerGroupHeartbeatRequestData data) {
    return new GroupRequest.ConsumerHeartbeat(
        caller(ApiKeys.CONSUMER_GROUP_HEARTBEAT, "client"), data);
  }

  private DescribedGroup describe() {
    return host.ask(new GroupRequest.DescribeConsumerGroups(List.of("g")))
        .join()
        .groups()
        .getFirst();
  }

  private static Errors errorOf(ConsumerGroupHeartbeatResponseData answer) {
    return Errors.forCode(answer.errorCode());
  }

  private static TreeSet<Integer> partitionsOf(ConsumerGroupHeartbeatResponseData answer) {
    ConsumerGroupHeartbeatResponseData.@Nullable Assignment assignment = answer.assignment();
    TreeSet<Integer> partitions = new TreeSet<>();
    if (assignment != null) {
      assignment.topicPartitions().forEach(topic -> partitions.addAll(topic.partitions()));
    }
    return partitions;
  }
}
