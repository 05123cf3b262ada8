package io.tributary.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.actors.cluster.Topics.ChangeOutcome;
import io.tributary.actors.cluster.Topics.CreateOutcome;
import io.tributary.actors.cluster.Topics.DeleteOutcome;
import io.tributary.actors.cluster.UnreliableMetadataStore.Fate;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
  private final VirtualTime time = new VirtualTime(11);
  private final MemoryMetadataStore shared = new MemoryMetadataStore(Runnable::run);
  private final ClusterNode one = new ClusterNode(time, "one", shared).started();
  private final ClusterNode other = new ClusterNode(time, "other", shared).started();

  @Test
  void aCreatedTopicShowsOnItsNodeBeforeTheCallerIsAnswered() {
    Optional<TopicImage> shownWithTheAnswer =
        one.await(one.create("orders").thenApply(_ -> one.images.get().topic("orders")));

    assertThat(shownWithTheAnswer.map(TopicImage::partitions)).contains(3);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void ofManyNodesThatCreateOneNameExactlyOneSucceeds(long seed) {
    VirtualTime raceTime = new VirtualTime(seed);
    MemoryMetadataStore raceStore = new MemoryMetadataStore(Runnable::run);
    List<ClusterNode> nodes =
        IntStream.range(0, 5)
            .mapToObj(i -> new ClusterNode(raceTime, "node-" + i, raceStore).started())
            .toList();

    List<CompletionStage<CreateOutcome>> races =
        nodes.stream().map(node -> node.create("orders")).toList();
    List<CreateOutcome> outcomes = new ArrayList<>();
    races.forEach(race -> outcomes.add(nodes.getFirst().await(race)));

    assertThat(outcomes).filteredOn(CreateOutcome.Created.class::isInstance).hasSize(1);
    assertThat(outcomes).filteredOn(new CreateOutcome.Exists(false)::equals).hasSize(4);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fate.class,
      names = {"ANSWER_LOST", "REQUEST_LOST"})
  void aCreationWhoseAnswerIsLostIsReadBack(Fate fate) {
    one.store.next(fate);

    CreateOutcome outcome = one.await(one.create("orders"));

    assertThat(outcome).isInstanceOf(CreateOutcome.Created.class);
    UUID created = ((CreateOutcome.Created) outcome).topic().id();
    assertThat(other.images.get().topic("orders").orElseThrow().id()).isEqualTo(created);
  }

  @Test
  void aCreationThatLandsLateIsKnownAsOnesOwn() {
    one.store.next(Fate.LATE);
    CompletionStage<CreateOutcome> creation = one.create("orders");
    time.runUntilIdle();
    one.store.landLate();

    assertThat(one.await(creation)).isInstanceOf(CreateOutcome.Created.class);
  }

  @Test
  void anotherClientsTopicIsNotTakenForOnesOwnAfterALostRequest() {
    one.store.next(Fate.REQUEST_LOST);
    CompletionStage<CreateOutcome> creation = one.create("orders");
    one.loop.pause();
    other.created("orders");
    one.loop.resume();

    assertThat(one.await(creation)).isEqualTo(new CreateOutcome.Exists(false));
  }

  @Test
  void aChangeIsUnknownOnlyWhenTheStoreStaysAwayForItsWholeTime() {
    one.store.away(true);
    CompletionStage<CreateOutcome> creation = one.create("orders");

    time.advance(ClusterNode.TIMEOUT.minusSeconds(1));
    assertThat(creation.toCompletableFuture()).isNotDone();
    time.advance(Duration.ofSeconds(1));

    assertThat(creation.toCompletableFuture().join()).isInstanceOf(CreateOutcome.Unknown.class);
  }

  @Test
  void aTopicOfAnotherNodeIsFoundAlthoughTheImageDoesNotHaveIt() {
    one.loop.pause();
    TopicImage topic = other.created("orders");
    one.loop.resume();

    assertThat(one.await(one.topics.lookup("orders"))).isEqualTo(new LookupOutcome.Found(topic));
    assertThat(one.await(one.topics.lookup(topic.id()))).isEqualTo(new LookupOutcome.Found(topic));
  }

  @Test
  void absenceIsNotSaidWhileTheStoreIsAway() {
    one.store.away(true);

    assertThat(one.await(one.topics.lookup("orders"))).isInstanceOf(LookupOutcome.Unknown.class);
    one.store.away(false);
    assertThat(one.await(one.topics.lookup("orders"))).isEqualTo(new LookupOutcome.Absent());
  }

  @Test
  void namesThatDifferOnlyInDotsAndUnderscoresCollide() {
    one.created("orders.eu");

    assertThat(one.await(one.create("orders_eu")))
        .isEqualTo(new CreateOutcome.Collides("orders.eu"));
  }

  @Test
  void partitionsGrowAndNeverShrink() {
    TopicImage topic = one.created("orders");

    assertThat(one.await(one.topics.addPartitions(topic, 5, ClusterNode.TIMEOUT)))
        .isEqualTo(new ChangeOutcome.Changed());
    assertThat(one.images.get().topic("orders").orElseThrow().partitions()).isEqualTo(5);
    assertThat(one.await(one.topics.addPartitions(topic, 4, ClusterNode.TIMEOUT)))
        .isEqualTo(
            new ChangeOutcome.Refused(
                Errors.INVALID_PARTITIONS,
                "The topic orders currently has 5 partition(s); 4 would not be an increase."));
  }

  @ParameterizedTest
  @EnumSource(
      value = Fate.class,
      names = {"ANSWER_LOST", "REQUEST_LOST"})
  void growthWhoseAnswerIsLostIsReadBack(Fate fate) {
    TopicImage topic = one.created("orders");
    one.store.next(fate);

    assertThat(one.await(one.topics.addPartitions(topic, 5, ClusterNode.TIMEOUT)))
        .isEqualTo(new ChangeOutcome.Changed());
    assertThat(one.images.get().topic("orders").orElseThrow().partitions()).isEqualTo(5);
  }

  @Test
  void editsOfTwoNodesAtOnceBothTakeEffect() {
    TopicImage topic = one.created("orders");
    time.runUntilIdle();

    CompletionStage<ChangeOutcome> first =
        one.topics.alterConfigs(topic, putting("retention.ms", "1"), ClusterNode.TIMEOUT);
    CompletionStage<ChangeOutcome> second =
        other.topics.alterConfigs(topic, putting("segment.ms", "2"), ClusterNode.TIMEOUT);

    assertThat(one.await(first)).isEqualTo(new ChangeOutcome.Changed());
    assertThat(other.await(second)).isEqualTo(new ChangeOutcome.Changed());
    assertThat(one.images.get().topic("orders").orElseThrow().overrides())
        .isEqualTo(Map.of("retention.ms", "1", "segment.ms", "2"));
  }

  @Test
  void aRefusedEditChangesNothing() {
    TopicImage topic = one.created("orders");
    ConfigEdit refusing = _ -> new ConfigEdit.Result.Refused(Errors.INVALID_CONFIG, "no");

    assertThat(one.await(one.topics.alterConfigs(topic, refusing, ClusterNode.TIMEOUT)))
        .isEqualTo(new ChangeOutcome.Refused(Errors.INVALID_CONFIG, "no"));
    assertThat(one.images.get().topic("orders")).contains(topic);
  }

  @Test
  void aChangeOfATopicThatWasCreatedAgainDoesNotReachTheNewOne() {
    TopicImage old = one.created("orders");
    assertThat(one.await(one.topics.delete(old, ClusterNode.TIMEOUT)))
        .isEqualTo(new DeleteOutcome.Deleted());
    TopicImage fresh = one.created("orders");

    assertThat(one.await(one.topics.addPartitions(old, 9, ClusterNode.TIMEOUT)))
        .isEqualTo(new ChangeOutcome.Absent());
    assertThat(one.await(one.topics.delete(old, ClusterNode.TIMEOUT)))
        .isEqualTo(new DeleteOutcome.Absent());
    assertThat(one.images.get().topic("orders")).contains(fresh);
  }

  private static ConfigEdit putting(String name, String value) {
    return stored -> {
      Map<String, String> configs = new HashMap<>(stored);
      configs.put(name, value);
      return new ConfigEdit.Result.Accepted(configs);
    };
  }
}
