package io.tributary.node.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.cluster.TopicConfigs;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.partition.DeleteRecordsAnswer;
import io.tributary.actors.partition.PartitionRequest.DeleteRecords;
import io.tributary.actors.partition.PartitionRequest.Producers;
import io.tributary.actors.partition.PartitionRequest.Sizes;
import io.tributary.persistence.model.ProducerState;
import io.tributary.persistence.model.ProducerState.AppendedBatch;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogHandlersTest {
  private final FakeCluster cluster = new FakeCluster();
  private final FakePartitions shards = new FakePartitions();
  private final FakeConnection connection = new FakeConnection();
  private final TopicImage topic = cluster.create("orders", 2);

  @AfterEach
  void close() {
    connection.close();
  }

  @Test
  void deletingRecordsAnswersTheNewLogStart() {
    shards.answer(_ -> new DeleteRecordsAnswer.Moved(7));

    assertThat(delete("orders", 7).lowWatermark()).isEqualTo(7);
    assertThat(shards.asked()).containsExactly(new DeleteRecords(topic.partition(0), 7));
  }

  @Test
  void deletingRecordsTellsItsRefusalsApart() {
    shards.answer(_ -> new DeleteRecordsAnswer.OutOfRange(3));
    assertThat(error(delete("orders", 7))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    assertThat(error(delete("orders", -2))).isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
    assertThat(error(delete("nowhere", 7))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);

    shards.answer(_ -> new DeleteRecordsAnswer.UnknownPartition());
    assertThat(error(delete("orders", 7))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void deletingRecordsThatNobodyAnsweredMayBeTriedAgain() {
    assertThat(error(delete("orders", 7))).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
  }

  @Test
  void recordsOfACompactedTopicAreNotDeleted() {
    cluster.create(
        new TopicImage("compacted", new UUID(5, 5), 1, Map.of("cleanup.policy", "compact"), 1));

    assertThat(error(delete("compacted", 1))).isEqualTo(Errors.POLICY_VIOLATION);
    assertThat(shards.asked()).isEmpty();
  }

  @Test
  void producersAreDescribedAsThePartitionRemembersThem() {
    shards.answer(
        _ ->
            new Producers(
                List.of(
                    new ProducerState(
                        42, (short) 3, 1_000, List.of(new AppendedBatch(5, 9, 100))))));

    var producer = producers(0).activeProducers().getFirst();
    assertThat(producer.producerId()).isEqualTo(42);
    assertThat(producer.producerEpoch()).isEqualTo(3);
    assertThat(producer.lastSequence()).isEqualTo(9);
    assertThat(producer.lastTimestamp()).isEqualTo(1_000);
    assertThat(producer.currentTxnStartOffset()).isEqualTo(-1);
    assertThat(Errors.forCode(producers(4).errorCode()))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void anEpochOfAnotherClusterLastsToTheEndOfTheLog() {
    FakeLogs logs = new FakeLogs();
    logs.append(topic.partition(0), 8);

    assertThat(endOffset(logs, 5).endOffset()).isEqualTo(8);
    assertThat(endOffset(logs, 5).leaderEpoch()).isEqualTo(5);
    assertThat(endOffset(logs, -1).endOffset()).isEqualTo(-1);
  }

  @Test
  void theLogDirectoryHasTheSizesOfWhatIsLedHere() {
    shards.answer(_ -> new Sizes(Map.of(topic.partition(0), 300L, topic.partition(1), 400L)));

    DescribeLogDirsResult directory = directory();
    assertThat(directory.logDir()).isEqualTo("s3://logs");
    assertThat(directory.totalBytes()).isEqualTo(1_000);
    assertThat(directory.usableBytes()).isEqualTo(600);
    var described = directory.topics().getFirst();
    assertThat(described.name()).isEqualTo("orders");
    assertThat(described.partitions()).hasSize(1);
    assertThat(described.partitions().getFirst().partitionSize()).isEqualTo(300);
  }

  @Test
  void aPartOfTheSizesIsNoAnswer() {
    assertThat(Errors.forCode(directory().errorCode())).isEqualTo(Errors.REQUEST_TIMED_OUT);
  }

  private DescribeLogDirsResult directory() {
    DescribeLogDirsHandler handler =
        new DescribeLogDirsHandler(
            cluster::image,
            partition -> partition.partition() == 0,
            shards,
            () -> new LogVolume("s3://logs", 1_000, 600));
    DescribeLogDirsRequest request =
        new DescribeLogDirsRequest(new DescribeLogDirsRequestData().setTopics(null), (short) 5);
    return FakeConnection.answer(connection.send(handler, request)).data().results().getFirst();
  }

  private DeleteRecordsPartitionResult delete(String topicName, long beforeOffset) {
    DeleteRecordsHandler handler =
        new DeleteRecordsHandler(
            cluster::image, cluster, new TopicConfigs(cluster::image, 0, Map.of()), shards);
    DeleteRecordsRequestData data =
        new DeleteRecordsRequestData()
            .setTimeoutMs(1_000)
            .setTopics(
                List.of(
                    new DeleteRecordsTopic()
                        .setName(topicName)
                        .setPartitions(
                            List.of(new DeleteRecordsPartition().setOffset(beforeOffset)))));
    DeleteRecordsRequest request = new DeleteRecordsRequest.Builder(data).build();
    return FakeConnection.answer(connection.send(handler, request))
        .data()
        .topics()
        .find(topicName)
        .partitions()
        .find(0);
  }

  private PartitionResponse producers(int partition) {
    DescribeProducersHandler handler =
        new DescribeProducersHandler(cluster::image, cluster, shards);
    DescribeProducersRequest request =
        new DescribeProducersRequest.Builder(
                new DescribeProducersRequestData()
                    .setTopics(
                        List.of(
                            new TopicRequest()
                                .setName("orders")
                                .setPartitionIndexes(List.of(partition)))))
            .build();
    return FakeConnection.answer(connection.send(handler, request))
        .data()
        .topics()
        .getFirst()
        .partitions()
        .getFirst();
  }

  private EpochEndOffset endOffset(FakeLogs logs, int leaderEpoch) {
    OffsetForLeaderEpochHandler handler = new OffsetForLeaderEpochHandler(cluster, logs);
    OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
    topics.add(
        new OffsetForLeaderTopic()
            .setTopic("orders")
            .setPartitions(
                List.of(
                    new OffsetForLeaderPartition().setPartition(0).setLeaderEpoch(leaderEpoch))));
    OffsetsForLeaderEpochRequest request =
        OffsetsForLeaderEpochRequest.Builder.forConsumer(topics).build();
    return FakeConnection.answer(connection.send(handler, request))
        .data()
        .topics()
        .find("orders")
        .partitions()
        .getFirst();
  }

  private static Errors error(DeleteRecordsPartitionResult partition) {
    return Errors.forCode(partition.errorCode());
  }
}
