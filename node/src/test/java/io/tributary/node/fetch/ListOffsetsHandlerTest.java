package io.tributary.node.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.cluster.TopicImage;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ListOffsetsHandlerTest {
  private static final int NEWEST = ApiKeys.LIST_OFFSETS.latestVersion();

  private final FakeCluster cluster = new FakeCluster();
  private final FakeLogs logs = new FakeLogs();
  private final FakeConnection connection = new FakeConnection();
  private final ListOffsetsHandler handler = new ListOffsetsHandler(cluster, logs);
  private final TopicImage topic = cluster.create("orders", 2);

  @BeforeEach
  void write() {
    logs.append(topic.partition(0), 10);
  }

  @AfterEach
  void close() {
    connection.close();
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 10, -1", // latest
    "-2, 0, -1", // earliest
    "-3, 9, 9", // largest timestamp
    "-4, 0, -1", // earliest local
    "-5, -1, -1", // latest tiered: nothing is tiered
    "-6, -1, -1", // earliest to be tiered: nothing is
    "4, 4, 4",
    "99, -1, -1"
  })
  void answersEachKindOfTimestamp(long asked, long offset, long timestampMs) {
    ListOffsetsPartitionResponse answer = ask(NEWEST, 0, asked).getFirst();

    assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
    assertThat(answer.offset()).isEqualTo(offset);
    assertThat(answer.timestamp()).isEqualTo(timestampMs);
    assertThat(answer.leaderEpoch()).isEqualTo(-1);
  }

  @ParameterizedTest
  @CsvSource({"-3, 7", "-4, 8", "-5, 9", "-6, 11"})
  void aSpecialTimestampNeedsItsVersion(long asked, int since) {
    assertThat(error(ask(since - 1, 0, asked).getFirst())).isEqualTo(Errors.UNSUPPORTED_VERSION);
    assertThat(error(ask(since, 0, asked).getFirst())).isEqualTo(Errors.NONE);
  }

  static IntStream versions() {
    return IntStream.rangeClosed(ApiKeys.LIST_OFFSETS.oldestVersion(), NEWEST);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everyVersionTellsTheLatestOffset(int version) {
    assertThat(ask(version, 0, -1).getFirst().offset()).isEqualTo(10);
  }

  @Test
  void anUnknownTimestampOrPartitionIsRefused() {
    assertThat(error(ask(NEWEST, 0, -7).getFirst())).isEqualTo(Errors.UNSUPPORTED_VERSION);
    assertThat(error(ask(NEWEST, 5, -1).getFirst())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void whatIsAskedTwiceIsRefused() {
    ListOffsetsRequestData data = request(0, -1);
    data.topics().getFirst().partitions().add(partition(0, -2));

    assertThat(send(NEWEST, data))
        .extracting(ListOffsetsHandlerTest::error)
        .containsOnly(Errors.INVALID_REQUEST);
  }

  @Test
  void absenceIsOnlySaidWhenItIsKnown() {
    cluster.setStoreAway();
    ListOffsetsRequestData data = request(0, -1);
    data.topics().getFirst().setName("elsewhere");

    assertThat(error(send(NEWEST, data).getFirst())).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
  }

  @Test
  void anOwnerThatDoesNotAnswerMeansTryAgain() {
    logs.setUnavailable(topic.partition(0));

    assertThat(error(ask(NEWEST, 0, -1).getFirst())).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
  }

  private List<ListOffsetsPartitionResponse> ask(int version, int index, long timestamp) {
    return send(version, request(index, timestamp));
  }

  private static ListOffsetsRequestData request(int index, long timestamp) {
    ListOffsetsTopic wanted = new ListOffsetsTopic().setName("orders");
    wanted.partitions().add(partition(index, timestamp));
    return new ListOffsetsRequestData()
        .setReplicaId(ListOffsetsRequest.CONSUMER_REPLICA_ID)
        .setIsolationLevel(IsolationLevel.READ_UNCOMMITTED.id())
        .setTopics(List.of(wanted));
  }

  private static ListOffsetsPartition partition(int index, long timestamp) {
    return new ListOffsetsPartition().setPartitionIndex(index).setTimestamp(timestamp);
  }

  private List<ListOffsetsPartitionResponse> send(int version, ListOffsetsRequestData data) {
    short number = (short) version;
    if (version < 2) {
      data.setIsolationLevel((byte) 0);
    }
    ListOffsetsRequest request =
        ListOffsetsRequest.parse(MessageUtil.toByteBufferAccessor(data, number), number);
    ListOffsetsResponse response = FakeConnection.answer(connection.send(handler, request));
    return response.topics().getFirst().partitions();
  }

  private static Errors error(ListOffsetsPartitionResponse partition) {
    return Errors.forCode(partition.errorCode());
  }
}
