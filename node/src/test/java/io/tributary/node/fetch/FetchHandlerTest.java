package io.tributary.node.fetch;

import static io.tributary.node.fetch.FakeLogs.BATCH_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.actors.cluster.TopicImage;
import io.tributary.persistence.model.PartitionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ResponseHeader;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullUnmarked
class FetchHandlerTest {
  private static final int NEVER_MS = 60_000;

  private final FakeCluster cluster = new FakeCluster();
  private final FakeLogs logs = new FakeLogs();
  private final FakeConnection connection = new FakeConnection();
  private final FetchHandler handler =
      new FetchHandler(cluster::image, cluster, logs, FetchSettings.DEFAULT);
  private final TopicImage topic = cluster.create("orders", 3);

  @AfterEach
  void close() {
    connection.close();
  }

  /** A fetch in the making; one batch is enough for it, and it does not wait. */
  private final class Fetch {
    private final Map<TopicPartition, FetchRequest.PartitionData> wanted = new LinkedHashMap<>();
    private final List<TopicIdPartition> forgotten = new ArrayList<>();
    private short version = ApiKeys.FETCH.latestVersion();
    private FetchMetadata metadata = FetchMetadata.LEGACY;
    private int waitMs;
    private int bytesMin = 1;
    private int bytesMax = 1 << 20;
    private IsolationLevel isolation = IsolationLevel.READ_UNCOMMITTED;

    Fetch of(TopicImage from, int partition, long offset, int partitionBytesMax) {
      wanted.put(
          new TopicPartition(from.name(), partition),
          new FetchRequest.PartitionData(
              TopicNames.kafkaId(from.id()), offset, -1, partitionBytesMax, Optional.empty()));
      return this;
    }

    Fetch of(int partition, long offset) {
      return of(topic, partition, offset, 1 << 20);
    }

    Fetch forget(int partition) {
      forgotten.add(new TopicIdPartition(TopicNames.kafkaId(topic.id()), partition, topic.name()));
      return this;
    }

    Fetch version(int number) {
      version = (short) number;
      return this;
    }

    Fetch in(FetchMetadata session) {
      metadata = session;
      return this;
    }

    Fetch waiting(int ms) {
      waitMs = ms;
      return this;
    }

    Fetch min(int bytes) {
      bytesMin = bytes;
      return this;
    }

    Fetch max(int bytes) {
      bytesMax = bytes;
      return this;
    }

    Fetch committed() {
      isolation = IsolationLevel.READ_COMMITTED;
      return this;
    }

    CompletableFuture<FetchResponse> send() {
      return send(FetchRequest.CONSUMER_REPLICA_ID);
    }

    CompletableFuture<FetchResponse> send(int replicaId) {
      FetchRequest.Builder builder =
          replicaId < 0
              ? FetchRequest.Builder.forConsumer(version, waitMs, bytesMin, wanted)
              : FetchRequest.Builder.forReplica(version, replicaId, 1, waitMs, bytesMin, wanted);
      FetchRequest request =
          builder
              .metadata(metadata)
              .setMaxBytes(bytesMax)
              .isolationLevel(isolation)
              .removed(forgotten)
              .build(version);
      return connection.send(handler, request);
    }

    FetchResponse answer() {
      return FakeConnection.answer(send());
    }

    PartitionData onlyPartition() {
      return partitions(answer()).values().iterator().next();
    }
  }

  private static Map<Integer, PartitionData> partitions(FetchResponse response) {
    Map<Integer, PartitionData> partitions = new LinkedHashMap<>();
    response
        .data()
        .responses()
        .forEach(of -> of.partitions().forEach(one -> partitions.put(one.partitionIndex(), one)));
    return partitions;
  }

  private PartitionId partition(int index) {
    return topic.partition(index);
  }

  private static FetchMetadata first() {
    return FetchMetadata.INITIAL;
  }

  private static FetchMetadata next(FetchResponse response, int epoch) {
    return new FetchMetadata(response.sessionId(), epoch);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})
  void everyVersionGetsItsRecords(int version) {
    logs.append(partition(0), 2);

    FetchResponse response = new Fetch().version(version).of(0, 0).answer();

    // Would refuse a field that the version does not have.
    Send send = response.toSend(new ResponseHeader(1, (short) 1), (short) version);
    assertThat(send.size()).isGreaterThan(2 * BATCH_BYTES);
    PartitionData data = partitions(response).get(0);
    assertThat(Errors.forCode(data.errorCode())).isEqualTo(Errors.NONE);
    assertThat(data.highWatermark()).isEqualTo(2);
    assertThat(data.lastStableOffset()).isEqualTo(2);
    assertThat(data.preferredReadReplica()).isEqualTo(-1);
    assertThat(data.records().sizeInBytes()).isEqualTo(2 * BATCH_BYTES);
  }

  @Test
  void aReplicaIsRefused() {
    FetchResponse response = FakeConnection.answer(new Fetch().of(0, 0).send(3));

    assertThat(response.error()).isEqualTo(Errors.INVALID_REQUEST);
  }

  @Test
  void readCommittedNamesAbortedTransactionsOfWhichThereAreNone() {
    logs.append(partition(0), 1);

    assertThat(new Fetch().of(0, 0).committed().onlyPartition().abortedTransactions()).isEmpty();
    assertThat(new Fetch().of(0, 0).onlyPartition().abortedTransactions()).isNull();
  }

  @Test
  void aSessionAnswersOnlyWhatChanged() {
    logs.append(partition(0), 1);
    logs.append(partition(1), 1);
    FetchResponse full = new Fetch().in(first()).of(0, 1).of(1, 1).of(2, 0).answer();
    assertThat(full.sessionId()).isPositive();
    assertThat(partitions(full)).containsOnlyKeys(0, 1, 2);

    assertThat(partitions(new Fetch().in(next(full, 1)).answer())).isEmpty();

    logs.append(partition(1), 1);
    Map<Integer, PartitionData> changed = partitions(new Fetch().in(next(full, 2)).answer());
    assertThat(changed).containsOnlyKeys(1);
    assertThat(changed.get(1).records().sizeInBytes()).isEqualTo(BATCH_BYTES);
  }

  @Test
  void aSessionFollowsTheOffsetsTheClientSends() {
    logs.append(partition(0), 2);
    FetchResponse full = new Fetch().in(first()).of(0, 0).of(1, 0).answer();

    assertThat(partitions(new Fetch().in(next(full, 1)).of(0, 2).answer())).isEmpty();
  }

  @Test
  void aForgottenPartitionIsNotAnsweredAnyMore() {
    FetchResponse full = new Fetch().in(first()).of(0, 0).of(1, 0).answer();
    new Fetch().in(next(full, 1)).forget(0).answer();
    logs.append(partition(0), 1);
    logs.append(partition(1), 1);

    assertThat(partitions(new Fetch().in(next(full, 2)).answer())).containsOnlyKeys(1);
  }

  @Test
  void aSessionIsHeldToItsEpochItsIdAndItsTopicIds() {
    FetchResponse full = new Fetch().in(first()).of(0, 0).answer();

    assertThat(new Fetch().in(next(full, 7)).answer().error())
        .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH);
    assertThat(new Fetch().in(new FetchMetadata(full.sessionId() + 1, 1)).answer().error())
        .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    assertThat(new Fetch().version(12).in(next(full, 1)).answer().error())
        .isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR);
  }

  @Test
  void aFullFetchEndsTheSessionItNames() {
    FetchResponse full = new Fetch().in(first()).of(0, 0).answer();
    new Fetch().in(new FetchMetadata(full.sessionId(), FetchMetadata.FINAL_EPOCH)).answer();

    assertThat(new Fetch().in(next(full, 1)).answer().error())
        .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
  }

  @Test
  void withoutRoomThereIsNoSession() {
    FetchHandler small =
        new FetchHandler(cluster::image, cluster, logs, new FetchSettings(1 << 20, 0, 500));
    FetchRequest request =
        FetchRequest.Builder.forConsumer((short) 18, 0, 1, Map.of())
            .metadata(first())
            .build((short) 18);

    assertThat(FakeConnection.answer(connection.send(small, request)).sessionId()).isZero();
  }

  @Test
  void anUnknownTopicIdIsToldApartFromAnUnknownPartition() {
    TopicImage never = new TopicImage("never", UUID.randomUUID(), 1, Map.of(), 1);

    assertThat(error(new Fetch().of(never, 0, 0, 100).onlyPartition()))
        .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    assertThat(error(new Fetch().of(9, 0).onlyPartition()))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(error(new Fetch().version(12).of(never, 0, 0, 100).onlyPartition()))
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
  }

  @Test
  void aTopicCreatedAgainIsInconsistentWithTheSessionsId() {
    FetchResponse full = new Fetch().in(first()).of(0, 0).answer();
    cluster.create("orders", 3);

    assertThat(error(partitions(new Fetch().in(next(full, 1)).answer()).get(0)))
        .isEqualTo(Errors.INCONSISTENT_TOPIC_ID);
  }

  @Test
  void anOffsetOutOfRangeIsAnsweredAtOnce() {
    assertThat(error(new Fetch().of(0, 5).waiting(NEVER_MS).onlyPartition()))
        .isEqualTo(Errors.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void whatIsNotKnownNowIsAnsweredAtOnceAndRetriable() {
    logs.setUnavailable(partition(0));

    assertThat(error(new Fetch().of(0, 0).waiting(NEVER_MS).onlyPartition()))
        .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
  }

  @Test
  void aFetchAtTheEndWakesOnTheCommit() {
    CompletableFuture<FetchResponse> waiting = new Fetch().of(0, 0).waiting(NEVER_MS).send();
    await().until(() -> logs.waiting() == 1);
    logs.append(partition(0), 1);

    assertThat(partitions(FakeConnection.answer(waiting)).get(0).records().sizeInBytes())
        .isEqualTo(BATCH_BYTES);
    assertThat(logs.waiting()).isZero();
  }

  @Test
  void aFetchWaitsForAsManyBytesAsItAskedFor() {
    CompletableFuture<FetchResponse> waiting =
        new Fetch().of(0, 0).of(1, 0).min(3 * BATCH_BYTES).waiting(NEVER_MS).send();
    await().until(() -> logs.waiting() == 1);
    logs.append(partition(0), 2);
    await().during(Duration.ofMillis(100)).until(() -> !waiting.isDone());
    logs.append(partition(1), 1);

    Map<Integer, PartitionData> answered = partitions(FakeConnection.answer(waiting));
    assertThat(answered.get(0).records().sizeInBytes()).isEqualTo(2 * BATCH_BYTES);
    assertThat(answered.get(1).records().sizeInBytes()).isEqualTo(BATCH_BYTES);
  }

  @Test
  void patienceEndsWithWhatThereIs() {
    logs.append(partition(0), 1);
    FetchResponse response = new Fetch().of(0, 0).min(1 << 19).waiting(50).answer();

    assertThat(partitions(response).get(0).records().sizeInBytes()).isEqualTo(BATCH_BYTES);
    assertThat(logs.waiting()).isZero();
  }

  @Test
  void aClientThatIsGoneIsNotWaitedFor() {
    CompletableFuture<FetchResponse> waiting = new Fetch().of(0, 0).waiting(NEVER_MS).send();
    await().until(() -> logs.waiting() == 1);
    connection.disconnect();

    FakeConnection.answer(waiting);
    assertThat(logs.waiting()).isZero();
  }

  @Test
  void limitsHoldOverAllPartitionsButOneBatchAlwaysPasses() {
    logs.append(partition(0), 5);
    logs.append(partition(1), 5);

    assertThat(sizes(new Fetch().of(0, 0).of(1, 0).max(700))).containsExactly(500, 200);
    assertThat(sizes(new Fetch().of(topic, 0, 0, 250).of(topic, 1, 0, 50))).containsExactly(200, 0);
    assertThat(sizes(new Fetch().of(topic, 0, 0, 10).of(1, 0).max(10))).containsExactly(100, 0);
  }

  @Test
  void coldBytesDoNotHoldBackWhatOthersHave() {
    FetchHandler impatient =
        new FetchHandler(cluster::image, cluster, logs, new FetchSettings(1 << 20, 8, 20));
    logs.append(partition(0), 1);
    logs.append(partition(1), 1);
    logs.setCold(partition(0));
    FetchRequest request =
        FetchRequest.Builder.forConsumer((short) 12, 0, 1, new Fetch().of(0, 0).of(1, 0).wanted)
            .build((short) 12);

    Map<Integer, PartitionData> answered =
        partitions(FakeConnection.answer(connection.send(impatient, request)));
    assertThat(answered.get(0).records().sizeInBytes()).isZero();
    assertThat(answered.get(0).highWatermark()).isEqualTo(1);
    assertThat(answered.get(1).records().sizeInBytes()).isEqualTo(BATCH_BYTES);
  }

  @Test
  void coldBytesComeWhenTheyArrive() {
    logs.append(partition(0), 1);
    CompletableFuture<Void> arrives = logs.setCold(partition(0));
    CompletableFuture<FetchResponse> fetch = new Fetch().of(0, 0).send();
    arrives.complete(null);

    assertThat(partitions(FakeConnection.answer(fetch)).get(0).records().sizeInBytes())
        .isEqualTo(BATCH_BYTES);
  }

  private static Errors error(PartitionData partition) {
    return Errors.forCode(partition.errorCode());
  }

  private static List<Integer> sizes(Fetch fetch) {
    return partitions(fetch.answer()).values().stream()
        .map(partition -> partition.records().sizeInBytes())
        .toList();
  }
}
