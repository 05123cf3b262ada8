package io.tributary.node.produce;

import static io.tributary.node.produce.TestBatches.batch;
import static io.tributary.node.produce.TestBatches.record;
import static io.tributary.node.produce.TestBatches.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicConfigs;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.intake.AppendOutcome.Appended;
import io.tributary.actors.intake.AppendOutcome.Refused;
import io.tributary.actors.intake.AppendOutcome.Undecided;
import io.tributary.persistence.model.Refusal;
import io.tributary.persistence.model.ShardCounts;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProduceHandlerTest {
  private static final short LATEST = ApiKeys.PRODUCE.latestVersion();
  private static final short BY_NAME = 12;
  private static final TopicImage TOPIC = new TopicImage("t", new UUID(11, 12), 3, Map.of(), 1);
  private static final TopicImage TIMED =
      new TopicImage(
          "timed", new UUID(13, 14), 1, Map.of("message.timestamp.type", "LogAppendTime"), 1);
  private static final ClusterImage IMAGE =
      ClusterImage.empty("test", ShardCounts.DEFAULT).with(TOPIC).with(TIMED);

  private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(TestBatches.NOW_MS));
  private final FakeLog log = new FakeLog();
  private final InflationPool inflation = new InflationPool(2, clock);
  private final FakeConnection connection = new FakeConnection();
  private final CompletableFuture<TopicLookup.LookupOutcome> lookup = new CompletableFuture<>();
  private final ProduceHandler handler =
      new ProduceHandler(
          new ProduceTopics(
              () -> IMAGE, new OneLookup(), new TopicConfigs(() -> IMAGE, 1, Map.of())),
          log,
          inflation,
          clock);

  private final class OneLookup implements TopicLookup {
    @Override
    public CompletionStage<LookupOutcome> lookup(String name) {
      return lookup;
    }

    @Override
    public CompletionStage<LookupOutcome> lookup(UUID id) {
      return lookup;
    }
  }

  @AfterEach
  void close() {
    connection.close();
    inflation.close();
  }

  @Test
  void anAppendedBatchIsAnsweredWithItsOffset() {
    CompletableFuture<ProduceResponse> response = produce(BY_NAME, to("t", 1, plain()));
    awaitAppends(1);
    assertThat(response).isNotDone();

    log.answer(0, new Appended(42, 7));

    PartitionProduceResponse partition = only(response);
    assertThat(partition.errorCode()).isZero();
    assertThat(partition.index()).isEqualTo(1);
    assertThat(partition.baseOffset()).isEqualTo(42);
    assertThat(partition.logStartOffset()).isEqualTo(7);
    assertThat(partition.logAppendTimeMs()).isEqualTo(-1);
    assertThat(log.appends.getFirst().partition()).isEqualTo(TOPIC.partition(1));
  }

  @Test
  void aTopicNamedByIdIsAnsweredById() {
    Uuid id = new Uuid(11, 12);
    CompletableFuture<ProduceResponse> response =
        produce(LATEST, request((short) -1, new TopicProduceData().setTopicId(id), 0, plain()));
    awaitAppends(1);
    log.answer(0, new Appended(0, 0));

    TopicProduceResponse topic = response.join().data().responses().iterator().next();
    assertThat(topic.topicId()).isEqualTo(id);
    assertThat(topic.partitionResponses().getFirst().errorCode()).isZero();
  }

  @Test
  void aTopicWithLogAppendTimeTellsTheTime() {
    CompletableFuture<ProduceResponse> response = produce(BY_NAME, to("timed", 0, plain()));
    awaitAppends(1);
    log.answer(0, new Appended(0, 0));

    assertThat(only(response).logAppendTimeMs()).isEqualTo(TestBatches.NOW_MS);
  }

  @Test
  void anUnknownTopicIsOnlyCalledSoAfterALinearizableRead() {
    CompletableFuture<ProduceResponse> response = produce(BY_NAME, to("new", 0, plain()));
    await().until(() -> connection.framesKept.get() == 1);
    assertThat(response).isNotDone();

    lookup.complete(new TopicLookup.LookupOutcome.Absent());

    assertThat(error(response)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    await().until(() -> connection.framesReleased.get() == 1);
  }

  @Test
  void anUnknownTopicIdIsCalledThat() {
    lookup.complete(new TopicLookup.LookupOutcome.Absent());
    TopicProduceData unknown = new TopicProduceData().setTopicId(new Uuid(5, 6));

    assertThat(error(produce(LATEST, request((short) -1, unknown, 0, plain()))))
        .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
  }

  @Test
  void aTopicThatTheImageDidNotHaveYetIsWrittenTo() {
    produce(BY_NAME, to("new", 0, plain()));
    lookup.complete(
        new TopicLookup.LookupOutcome.Found(new TopicImage("new", new UUID(1, 1), 1, Map.of(), 1)));

    awaitAppends(1);
  }

  @Test
  void withoutTheMetadataStoreTheErrorIsRetriable() {
    lookup.completeExceptionally(new TimeoutException("away"));

    assertThat(error(produce(BY_NAME, to("new", 0, plain()))))
        .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
  }

  @Test
  void aPartitionThatTheTopicDoesNotHaveIsUnknown() {
    assertThat(error(produce(BY_NAME, to("t", 3, plain()))))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void otherAcksAreRefused() {
    TopicProduceData topic = new TopicProduceData().setName("t");

    CompletableFuture<ProduceResponse> response =
        produce(BY_NAME, request((short) 2, topic, 0, plain()));

    assertThat(error(response)).isEqualTo(Errors.INVALID_REQUIRED_ACKS);
    assertThat(only(response).baseOffset()).isEqualTo(-1);
    assertThat(log.appends).isEmpty();
  }

  @Test
  void withoutAcksTheAnswerDoesNotWaitButTheMemoryDoes() {
    TopicProduceData topic = new TopicProduceData().setName("t");

    CompletableFuture<ProduceResponse> response =
        produce(BY_NAME, request((short) 0, topic, 0, plain()));

    assertThat(error(response)).isEqualTo(Errors.NONE);
    assertThat(connection.memoryKept).hasValue(1);
    assertThat(connection.memoryReleased).hasValue(0);
    log.answer(0, new Appended(0, 0));
    assertThat(connection.memoryReleased).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource(Refusal.class)
  void aRefusalIsNamedAsKafkaNamesIt(Refusal refusal) {
    CompletableFuture<ProduceResponse> response = produce(BY_NAME, to("t", 0, plain()));
    awaitAppends(1);
    log.answer(0, new Refused(refusal));

    assertThat(error(response))
        .isEqualTo(
            switch (refusal) {
              case OUT_OF_ORDER_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
              case DUPLICATE_SEQUENCE -> Errors.DUPLICATE_SEQUENCE_NUMBER;
              case INVALID_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
              case UNKNOWN_PARTITION -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
            });
    assertThat(only(response).baseOffset()).isEqualTo(-1);
  }

  @Test
  void anUndecidedBatchIsRetriableAndKeepsItsMemoryUntilItIsDecided() {
    CompletableFuture<Void> decided = new CompletableFuture<>();
    CompletableFuture<ProduceResponse> response = produce(BY_NAME, to("t", 0, plain()));
    awaitAppends(1);
    log.answer(0, new Undecided(decided));

    assertThat(error(response)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    assertThat(connection.memoryReleased).hasValue(0);
    decided.complete(null);
    assertThat(connection.memoryReleased).hasValue(1);
  }

  @Test
  void anUploadThatOutlastsTheRequestIsTimedOut() {
    ProduceRequestData data = to("t", 0, plain()).setTimeoutMs(1);

    CompletableFuture<ProduceResponse> response = produce(BY_NAME, data);

    assertThat(error(response)).isEqualTo(Errors.REQUEST_TIMED_OUT);
    assertThat(connection.memoryReleased).hasValue(0);
  }

  @Test
  void aLaterRequestDoesNotOvertakeOneThatTakesLongerToCheck() {
    ByteBuffer slow = batch(CompressionType.GZIP, records(5_000));
    CompletableFuture<ProduceResponse> first = produce(BY_NAME, to("t", 0, slow));
    CompletableFuture<ProduceResponse> second = produce(BY_NAME, to("t", 0, plain()));
    awaitAppends(2);

    assertThat(log.appends)
        .extracting(append -> append.facts().records())
        .containsExactly(5_000, 1);
    assertThat(connection.framesReleased).hasValue(1);
    log.answer(1, new Appended(5_000, 0));
    assertThat(only(second).baseOffset()).isEqualTo(5_000);
    log.answer(0, new Appended(0, 0));
    assertThat(only(first).baseOffset()).isZero();
  }

  @Test
  void aBadBatchIsRefusedWhileItsNeighboursAreWritten() {
    ByteBuffer bad = plain();
    bad.put(bad.limit() - 1, (byte) 99);
    ProduceRequestData data = to("t", 0, bad);
    data.topicData().find("t", Uuid.ZERO_UUID).partitionData().add(partition(1, plain()));
    CompletableFuture<ProduceResponse> response = produce(BY_NAME, data);
    awaitAppends(1);
    log.answer(0, new Appended(3, 0));

    assertThat(response.join().data().responses().iterator().next().partitionResponses())
        .extracting(PartitionProduceResponse::errorCode)
        .containsExactly(Errors.CORRUPT_MESSAGE.code(), Errors.NONE.code());
  }

  @Test
  void twoBatchesForOnePartitionAreRefused() {
    ByteBuffer twice = ByteBuffer.allocate(2 * plain().remaining());
    twice.put(plain()).put(plain()).flip();

    assertThat(error(produce(BY_NAME, to("t", 0, twice)))).isEqualTo(Errors.INVALID_RECORD);
  }

  @Test
  void oldVersionsMustNotUseZstd() {
    ByteBuffer zstd = batch(CompressionType.ZSTD, records(1));

    assertThat(error(produce((short) 6, to("t", 0, zstd))))
        .isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
  }

  private static ByteBuffer plain() {
    return batch(CompressionType.NONE, record(0));
  }

  private static ProduceRequestData to(String topic, int partition, ByteBuffer batch) {
    return request((short) -1, new TopicProduceData().setName(topic), partition, batch);
  }

  private static ProduceRequestData request(
      short acks, TopicProduceData topic, int partition, ByteBuffer batch) {
    topic.partitionData().add(partition(partition, batch));
    ProduceRequestData data = new ProduceRequestData().setAcks(acks).setTimeoutMs(30_000);
    data.topicData().add(topic);
    return data;
  }

  private static PartitionProduceData partition(int index, ByteBuffer batch) {
    return new PartitionProduceData()
        .setIndex(index)
        .setRecords(MemoryRecords.readableRecords(batch));
  }

  private CompletableFuture<ProduceResponse> produce(short version, ProduceRequestData data) {
    return CompletableFuture.supplyAsync(
            () ->
                handler.handle(
                    connection.request(ApiKeys.PRODUCE, version),
                    new ProduceRequest(data, version)),
            connection.eventLoop)
        .thenCompose(answer -> answer);
  }

  private void awaitAppends(int count) {
    await().until(() -> log.appends.size() == count);
  }

  private static PartitionProduceResponse only(CompletableFuture<ProduceResponse> response) {
    return response.join().data().responses().iterator().next().partitionResponses().getFirst();
  }

  private static Errors error(CompletableFuture<ProduceResponse> response) {
    return Errors.forCode(only(response).errorCode());
  }
}
