package io.tributary.node.fetch;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.persistence.model.ShardCounts;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A cluster image that a test changes, and a store that knows no more than the image. */
final class FakeCluster implements TopicLookup {
  private volatile ClusterImage image = ClusterImage.empty("cluster", ShardCounts.DEFAULT);
  private volatile boolean storeIsAway;

  ClusterImage image() {
    return image;
  }

  TopicImage create(String name, int partitions) {
    return create(new TopicImage(name, UUID.randomUUID(), partitions, Map.of(), 1));
  }

  TopicImage create(TopicImage topic) {
    image = image.with(topic);
    return topic;
  }

  void setStoreAway() {
    storeIsAway = true;
  }

  @Override
  public CompletionStage<LookupOutcome> lookup(String name) {
    return CompletableFuture.completedFuture(
        image.topic(name).<LookupOutcome>map(LookupOutcome.Found::new).orElseGet(this::missing));
  }

  @Override
  public CompletionStage<LookupOutcome> lookup(UUID id) {
    return CompletableFuture.completedFuture(
        image.topic(id).<LookupOutcome>map(LookupOutcome.Found::new).orElseGet(this::missing));
  }

  private LookupOutcome missing() {
    return storeIsAway
        ? new LookupOutcome.Unknown(new IllegalStateException("away"))
        : new LookupOutcome.Absent();
  }
}
