package io.tributary.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.cluster.ClusterImage.BrokerImage;
import io.tributary.actors.cluster.ClusterImages.RefreshOutcome;
import io.tributary.actors.loop.VirtualTime;
import io.tributary.persistence.metadata.MemoryMetadataStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterImagesTest {
  private final VirtualTime time = new VirtualTime(7);
  private final MemoryMetadataStore shared = new MemoryMetadataStore(Runnable::run);
  private final ClusterNode one = new ClusterNode(time, "one", shared).started();
  private final ClusterNode other = new ClusterNode(time, "other", shared).started();

  @Test
  void anotherNodesTopicShowsWithoutWaitingForThePoll() {
    one.created("orders");

    time.runUntilIdle();

    assertThat(other.images.get().topic("orders")).isPresent();
  }

  @Test
  void aChangeDuringAReadIsNotOverlooked() {
    one.store.holdAnswers();
    one.images.refresh();
    time.runUntilIdle();
    other.created("orders");
    time.runUntilIdle();

    one.store.releaseAnswers();
    time.runUntilIdle();

    assertThat(one.images.get().topic("orders")).isPresent();
  }

  @Test
  void theLastImageStaysWhileTheStoreIsAwayAndItsAgeShows() {
    one.created("orders");
    one.store.away(true);

    time.advance(Duration.ofSeconds(20));

    assertThat(one.images.get().topic("orders")).isPresent();
    assertThat(one.images.age()).isGreaterThan(Duration.ofSeconds(18));
    assertThat(other.images.age()).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void theImageIsCurrentAgainWhenTheStoreIsBack() {
    one.store.away(true);
    other.created("orders");
    time.advance(Duration.ofSeconds(20));
    assertThat(one.images.get().topic("orders")).isEmpty();

    one.store.away(false);
    time.advance(Duration.ofSeconds(2));

    assertThat(one.images.get().topic("orders")).isPresent();
  }

  @Test
  void aRefreshShowsWhatWasWrittenBeforeItWasAskedFor() {
    one.loop.pause();
    other.created("orders");
    one.loop.resume();

    RefreshOutcome outcome = one.await(one.images.refresh());

    assertThat(outcome).isInstanceOf(RefreshOutcome.Current.class);
    assertThat(one.images.get().topic("orders")).isPresent();
  }

  @Test
  void aRefreshThatFailsSaysSo() {
    one.store.away(true);

    assertThat(one.await(one.images.refresh())).isInstanceOf(RefreshOutcome.Unknown.class);
  }

  @Test
  void whatHasNotChangedStaysTheSameObject() {
    TopicImage orders = one.created("orders");
    ConfigsImage configs = one.images.get().configs();

    one.created("payments");

    assertThat(one.images.get().topic("orders")).containsSame(orders);
    assertThat(one.images.get().configs()).isSameAs(configs);
  }

  @Test
  void aReadThatFindsNothingNewKeepsTheTopicsAsTheyAre() {
    one.created("orders");
    Map<String, TopicImage> topics = one.images.get().topicsByName();

    time.advance(Duration.ofSeconds(3));

    assertThat(one.images.get().topicsByName()).isSameAs(topics);
  }

  @Test
  void liveNodesStayInTheImageAcrossReads() {
    one.images.onBrokers(
        List.of(new BrokerImage(2, "b", 9092, ""), new BrokerImage(1, "a", 9092, "zone-1")));

    one.created("orders");

    assertThat(one.images.get().brokers()).extracting(BrokerImage::id).containsExactly(1, 2);
  }

  @Test
  void configsOfBrokersAndGroupsShow() {
    ConfigEdit edit = _ -> new ConfigEdit.Result.Accepted(Map.of("log.retention.ms", "5"));
    one.await(one.topics.alterConfigs(new ConfigOwner.EveryBroker(), edit, ClusterNode.TIMEOUT));
    one.await(one.topics.alterConfigs(new ConfigOwner.Broker(3), edit, ClusterNode.TIMEOUT));
    one.await(one.topics.alterConfigs(new ConfigOwner.Group("g/1"), edit, ClusterNode.TIMEOUT));

    ConfigsImage configs = one.images.get().configs();
    assertThat(configs.clusterDefault().values()).containsEntry("log.retention.ms", "5");
    assertThat(configs.broker(3).values()).containsEntry("log.retention.ms", "5");
    assertThat(configs.group("g/1").values()).containsEntry("log.retention.ms", "5");
    assertThat(configs.broker(4).values()).isEmpty();
  }
}
