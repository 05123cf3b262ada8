package io.tributary.node.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.group.GroupRequest;
import io.tributary.actors.group.Groups;
import io.tributary.actors.shard.ShardRequest;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.node.FakeRequestContext;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Topics of requests are looked up here; the group is played by {@link EveryOffsetIs42}. */
class OffsetHandlersTest {
  private final FakeTopics topics = new FakeTopics();
  private final EveryOffsetIs42 group = new EveryOffsetIs42();
  private final Groups groups =
      new Groups(group, new ShardCounts(1, 1, 1), GroupCoordinatorConfig.fromProps(Map.of()));

  @Test
  void onlyPartitionsThatExistAreCommitted() {
    topics.create("t", 2);

    OffsetCommitResponseData answer =
        commit(9, commitOf("t", null, 0, 5), commitOf("gone", null, 0));

    assertThat(errors(answer))
        .containsExactlyInAnyOrder(
            "t-0 NONE", "t-5 UNKNOWN_TOPIC_OR_PARTITION", "gone-0 UNKNOWN_TOPIC_OR_PARTITION");
    assertThat(group.committed).containsExactly("t-0");
  }

  @Test
  void aTopicThatCouldNotBeLookedUpIsRetriedNotRefused() {
    assertThat(errors(commit(9, commitOf("unknown", null, 0))))
        .containsExactly("unknown-0 COORDINATOR_LOAD_IN_PROGRESS");
  }

  @Test
  void topicsAreCommittedByIdSinceVersion10() {
    TopicImage topic = topics.create("t", 1);
    UUID gone = UUID.randomUUID();

    OffsetCommitResponseData answer =
        commit(10, commitOf("", topic.id(), 0), commitOf("", gone, 0));

    assertThat(answer.topics())
        .extracting(found -> found.topicId() + " " + error(found.partitions().getFirst()))
        .containsExactlyInAnyOrder(
            TopicLookups.uuid(topic.id()) + " NONE", TopicLookups.uuid(gone) + " UNKNOWN_TOPIC_ID");
    assertThat(group.committed).containsExactly("t-0");
  }

  @Test
  void offsetsAreFetchedByNameBeforeVersion10() {
    for (int version = 1; version <= 9; version++) {
      OffsetFetchResponseGroup answer = fetch(version, fetchOf("t", null));

      assertThat(answer.errorCode()).isEqualTo(Errors.NONE.code());
      assertThat(answer.topics().getFirst().name()).isEqualTo("t");
      assertThat(answer.topics().getFirst().partitions().getFirst().committedOffset())
          .isEqualTo(42);
    }
  }

  @Test
  void offsetsAreFetchedByIdSinceVersion10() {
    TopicImage topic = topics.create("t", 1);
    UUID gone = UUID.randomUUID();

    OffsetFetchResponseGroup answer = fetch(10, fetchOf("", topic.id()), fetchOf("", gone));

    assertThat(answer.topics()).hasSize(2);
    OffsetFetchResponseTopics known = answer.topics().getFirst();
    assertThat(known.topicId()).isEqualTo(TopicLookups.uuid(topic.id()));
    assertThat(known.partitions().getFirst().committedOffset()).isEqualTo(42);
    OffsetFetchResponsePartitions unknown = answer.topics().get(1).partitions().getFirst();
    assertThat(unknown.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
    assertThat(unknown.committedOffset()).isEqualTo(-1);
  }

  @Test
  void aFetchWhoseTopicsCouldNotBeLookedUpIsRetried() {
    assertThat(fetch(10, fetchOf("", FakeTopics.AWAY)).errorCode())
        .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
  }

  @Test
  void allOffsetsOfAGroupCarryIdsAndLeaveDeletedTopicsOut() {
    TopicImage topic = topics.create("t", 1);
    group.all = List.of("t", "gone");

    OffsetFetchResponseGroup answer =
        fetch(10, new OffsetFetchRequestGroup().setGroupId("g").setTopics(null));

    assertThat(answer.topics())
        .extracting(OffsetFetchResponseTopics::topicId)
        .containsExactly(TopicLookups.uuid(topic.id()));
  }

  @Test
  void onlyOffsetsOfPartitionsThatExistAreDeleted() {
    topics.create("t", 1);
    OffsetDeleteRequestTopicCollection asked = new OffsetDeleteRequestTopicCollection();
    asked.add(deleteOf("t", 0, 3));
    asked.add(deleteOf("gone", 0));

    OffsetDeleteResponseData answer =
        new OffsetDeleteHandler(groups, topics)
            .handle(
                FakeRequestContext.of(ApiKeys.OFFSET_DELETE, (short) 0),
                new OffsetDeleteRequest(
                    new OffsetDeleteRequestData().setGroupId("g").setTopics(asked), (short) 0))
            .toCompletableFuture()
            .join()
            .data();

    assertThat(answer.topics().find("t").partitions().find(0).errorCode())
        .isEqualTo(Errors.NONE.code());
    assertThat(answer.topics().find("t").partitions().find(3).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(answer.topics().find("gone").partitions().find(0).errorCode())
        .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  private OffsetCommitResponseData commit(int version, OffsetCommitRequestTopic... asked) {
    OffsetCommitRequestData data =
        new OffsetCommitRequestData().setGroupId("g").setTopics(List.of(asked));
    return new OffsetCommitHandler(groups, topics)
        .handle(
            FakeRequestContext.of(ApiKeys.OFFSET_COMMIT, (short) version),
            new OffsetCommitRequest(data, (short) version))
        .toCompletableFuture()
        .join()
        .data();
  }

  private OffsetFetchResponseGroup fetch(int version, OffsetFetchRequestTopics... asked) {
    return fetch(version, new OffsetFetchRequestGroup().setGroupId("g").setTopics(List.of(asked)));
  }

  private OffsetFetchResponseGroup fetch(int version, OffsetFetchRequestGroup asked) {
    return new OffsetFetchHandler(groups, topics)
        .handle(
            FakeRequestContext.of(ApiKeys.OFFSET_FETCH, (short) version), request(version, asked))
        .toCompletableFuture()
        .join()
        .group("g");
  }

  /** As it comes off the wire: versions before 8 name one group without a list. */
  private static OffsetFetchRequest request(int version, OffsetFetchRequestGroup asked) {
    OffsetFetchRequestData data = new OffsetFetchRequestData();
    if (version >= OffsetFetchRequest.BATCH_MIN_VERSION) {
      data.setGroups(List.of(asked));
    } else {
      data.setGroupId(asked.groupId())
          .setTopics(
              asked.topics().stream()
                  .map(
                      topic ->
                          new OffsetFetchRequestData.OffsetFetchRequestTopic()
                              .setName(topic.name())
                              .setPartitionIndexes(topic.partitionIndexes()))
                  .toList());
    }
    ByteBufferAccessor wire = MessageUtil.toByteBufferAccessor(data, (short) version);
    return OffsetFetchRequest.parse(wire, (short) version);
  }

  private static OffsetCommitRequestTopic commitOf(
      String name, @Nullable UUID id, int... partitions) {
    return new OffsetCommitRequestTopic()
        .setName(name)
        .setTopicId(id == null ? Uuid.ZERO_UUID : TopicLookups.uuid(id))
        .setPartitions(
            IntStream.of(partitions)
                .mapToObj(
                    partition ->
                        new OffsetCommitRequestPartition()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(1))
                .toList());
  }

  private static OffsetFetchRequestTopics fetchOf(String name, @Nullable UUID id) {
    return new OffsetFetchRequestTopics()
        .setName(name)
        .setTopicId(id == null ? Uuid.ZERO_UUID : TopicLookups.uuid(id))
        .setPartitionIndexes(List.of(0));
  }

  private static OffsetDeleteRequestTopic deleteOf(String name, int... partitions) {
    return new OffsetDeleteRequestTopic()
        .setName(name)
        .setPartitions(
            IntStream.of(partitions)
                .mapToObj(
                    partition -> new OffsetDeleteRequestPartition().setPartitionIndex(partition))
                .toList());
  }

  private static List<String> errors(OffsetCommitResponseData answer) {
    List<String> errors = new ArrayList<>();
    for (OffsetCommitResponseTopic topic : answer.topics()) {
      for (OffsetCommitResponsePartition partition : topic.partitions()) {
        errors.add(topic.name() + "-" + partition.partitionIndex() + " " + error(partition));
      }
    }
    return errors;
  }

  private static Errors error(OffsetCommitResponsePartition partition) {
    return Errors.forCode(partition.errorCode());
  }

  /** Takes every commit and deletion; knows the offset 42 everywhere. */
  private static final class EveryOffsetIs42 implements ShardRouter {
    private final List<String> committed = new ArrayList<>();
    private List<String> all = List.of();

    @Override
    @SuppressWarnings("unchecked")
    public <A> CompletionStage<A> ask(ShardId shard, ShardRequest<A> request, Duration timeout) {
      Object answer =
          switch (request) {
            case GroupRequest.CommitOffsets commit -> commit(commit);
            case GroupRequest.FetchOffsets fetch -> fetch(fetch);
            case GroupRequest.DeleteOffsets delete -> delete(delete);
            case ShardRequest<?> other -> throw new AssertionError("not expected: " + other);
          };
      return CompletableFuture.completedFuture((A) answer);
    }

    private OffsetCommitResponseData commit(GroupRequest.CommitOffsets commit) {
      commit
          .data()
          .topics()
          .forEach(
              topic ->
                  topic
                      .partitions()
                      .forEach(
                          partition ->
                              committed.add(topic.name() + "-" + partition.partitionIndex())));
      return commit.refused(Errors.NONE, null);
    }

    private OffsetDeleteResponseData delete(GroupRequest.DeleteOffsets delete) {
      OffsetDeleteResponse.Builder answer = new OffsetDeleteResponse.Builder();
      delete
          .data()
          .topics()
          .forEach(
              topic ->
                  topic
                      .partitions()
                      .forEach(
                          partition ->
                              answer.addPartition(
                                  topic.name(), partition.partitionIndex(), Errors.NONE)));
      return answer.build().data();
    }

    private OffsetFetchResponseGroup fetch(GroupRequest.FetchOffsets fetch) {
      List<OffsetFetchRequestTopics> asked =
          fetch.data().topics() == null
              ? all.stream().map(name -> fetchOf(name, null)).toList()
              : fetch.data().topics();
      return new OffsetFetchResponseGroup()
          .setGroupId(fetch.data().groupId())
          .setTopics(
              asked.stream()
                  .map(
                      topic ->
                          new OffsetFetchResponseTopics()
                              .setName(topic.name())
                              .setTopicId(topic.topicId())
                              .setPartitions(
                                  List.of(
                                      new OffsetFetchResponsePartitions()
                                          .setPartitionIndex(0)
                                          .setCommittedOffset(42))))
                  .toList());
    }
  }
}
