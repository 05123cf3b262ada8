package io.tributary.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.actors.cluster.Topics.CreateOutcome;
import io.tributary.actors.cluster.Topics.DeleteOutcome;
import io.tributary.actors.cluster.UnreliableMetadataStore.Fate;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TopicDeletionTest {
  private final VirtualTime time = new VirtualTime(13);
  private final MemoryMetadataStore shared = new MemoryMetadataStore(Runnable::run);
  private final ClusterNode one = new ClusterNode(time, "one", shared).started();
  private final ClusterNode other = new ClusterNode(time, "other", shared).started();

  @Test
  void everyPartitionShardOfTheTopicAndEveryGroupShardIsToldOnce() {
    TopicImage topic = one.created("orders");

    assertThat(one.await(one.topics.delete(topic, ClusterNode.TIMEOUT)))
        .isEqualTo(new DeleteOutcome.Deleted());

    Set<ShardId> expected = new HashSet<>();
    for (int i = 0; i < topic.partitions(); i++) {
      expected.add(ShardCounts.DEFAULT.shardOf(topic.partition(i)));
    }
    for (int i = 0; i < ShardCounts.DEFAULT.groups(); i++) {
      expected.add(new ShardId(ShardKind.GROUPS, i));
    }
    assertThat(one.router.told.stream().map(FakeShardRouter.Told::shard))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(one.images.get().tombstones()).isEmpty();
  }

  @Test
  void theTopicIsGoneAtOnceButItsNameIsTakenUntilTheLastShardHasAnswered() {
    TopicImage topic = one.created("orders");
    ShardId shard = new ShardId(ShardKind.GROUPS, 5);
    one.router.unserved.add(shard);
    other.router.unserved.add(shard);

    CompletionStage<DeleteOutcome> deletion = one.topics.delete(topic, ClusterNode.TIMEOUT);
    time.advance(Duration.ofSeconds(10));

    assertThat(deletion.toCompletableFuture()).isNotDone();
    assertThat(other.await(other.topics.lookup("orders"))).isEqualTo(new LookupOutcome.Absent());
    assertThat(other.await(other.create("orders"))).isEqualTo(new CreateOutcome.Exists(true));

    one.router.unserved.clear();

    assertThat(one.await(deletion)).isEqualTo(new DeleteOutcome.Deleted());
    assertThat(other.created("orders").id()).isNotEqualTo(topic.id());
  }

  @Test
  void aDeletionThatOutlastsItsTimeIsUnknownAndEndsByItself() {
    TopicImage topic = one.created("orders");
    one.router.unserved.add(new ShardId(ShardKind.GROUPS, 5));

    assertThat(one.await(one.topics.delete(topic, Duration.ofSeconds(2))))
        .isInstanceOf(DeleteOutcome.Unknown.class);

    one.router.unserved.clear();
    time.advance(Duration.ofSeconds(2));
    assertThat(one.images.get().tombstones()).isEmpty();
    one.created("orders");
  }

  @Test
  void anotherNodeEndsTheDeletionOfANodeThatDied() {
    TopicImage topic = one.created("orders");
    one.router.unserved.addAll(allGroupShards());
    CompletionStage<DeleteOutcome> deletion = one.topics.delete(topic, ClusterNode.TIMEOUT);
    time.advance(Duration.ofSeconds(1));
    one.loop.crash();
    assertThat(deletion.toCompletableFuture()).isNotDone();
    assertThat(other.images.get().tombstones()).containsKey(topic.id());

    time.advance(Duration.ofSeconds(8));

    assertThat(other.images.get().tombstones()).isEmpty();
    other.created("orders");
  }

  @Test
  void bothNodesMayEndOneDeletion() {
    TopicImage topic = one.created("orders");
    one.router.unserved.addAll(allGroupShards());
    other.router.unserved.addAll(allGroupShards());
    CompletionStage<DeleteOutcome> deletion = one.topics.delete(topic, ClusterNode.TIMEOUT);
    time.advance(Duration.ofSeconds(8));

    one.router.unserved.clear();
    other.router.unserved.clear();

    assertThat(one.await(deletion)).isEqualTo(new DeleteOutcome.Deleted());
    TopicImage fresh = one.created("orders");
    time.advance(Duration.ofSeconds(10));
    assertThat(other.images.get().topic("orders")).contains(fresh);
    assertThat(other.images.get().tombstones()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Fate.class)
  void aDeletionWhoseAnswerIsLostIsReadBack(Fate fate) {
    TopicImage topic = one.created("orders");
    one.store.next(fate);

    CompletionStage<DeleteOutcome> deletion = one.topics.delete(topic, ClusterNode.TIMEOUT);
    time.runUntilIdle();
    one.store.landLate();

    assertThat(one.await(deletion)).isEqualTo(new DeleteOutcome.Deleted());
    one.created("orders");
  }

  @Test
  void theLastStepIsRepeatedWhenItsAnswerIsLost() {
    TopicImage topic = one.created("orders");
    one.router.unserved.addAll(allGroupShards());
    CompletionStage<DeleteOutcome> deletion = one.topics.delete(topic, ClusterNode.TIMEOUT);
    time.advance(Duration.ofSeconds(1));
    one.store.next(Fate.ANSWER_LOST);
    one.router.unserved.clear();

    assertThat(one.await(deletion)).isEqualTo(new DeleteOutcome.Deleted());
  }

  @Test
  void aDeletionCountsThePartitionsThatWereAddedBeforeIt() {
    TopicImage before = one.created("orders");
    other.await(other.topics.addPartitions(before, 200, ClusterNode.TIMEOUT));

    one.await(one.topics.delete(before, ClusterNode.TIMEOUT));

    assertThat(
            one.router.told.stream()
                .filter(told -> told.shard().kind() == ShardKind.PARTITIONS)
                .map(told -> told.topic().partitions()))
        .isNotEmpty()
        .allMatch(partitions -> partitions == 200);
  }

  private static Set<ShardId> allGroupShards() {
    return IntStream.range(0, ShardCounts.DEFAULT.groups())
        .mapToObj(index -> new ShardId(ShardKind.GROUPS, index))
        .collect(Collectors.toSet());
  }
}
