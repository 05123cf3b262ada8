package io.tributary.node.groups;

import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A handful of topics; names beginning with {@code unknown} are in a store that is away. */
final class FakeTopics implements TopicLookup {
  static final UUID AWAY = new UUID(6, 6);

  private final Map<String, TopicImage> topics = new HashMap<>();

  TopicImage create(String name, int partitions) {
    TopicImage topic = new TopicImage(name, UUID.randomUUID(), partitions, Map.of(), 1);
    topics.put(name, topic);
    return topic;
  }

  @Override
  public CompletionStage<LookupOutcome> lookup(String name) {
    if (name.startsWith("unknown")) {
      return CompletableFuture.completedFuture(away());
    }
    TopicImage topic = topics.get(name);
    return CompletableFuture.completedFuture(
        topic == null ? new LookupOutcome.Absent() : new LookupOutcome.Found(topic));
  }

  @Override
  public CompletionStage<LookupOutcome> lookup(UUID id) {
    if (id.equals(AWAY)) {
      return CompletableFuture.completedFuture(away());
    }
    return topics.values().stream()
        .filter(topic -> topic.id().equals(id))
        .findFirst()
        .map(topic -> lookup(topic.name()))
        .orElseGet(() -> CompletableFuture.completedFuture(new LookupOutcome.Absent()));
  }

  private static LookupOutcome away() {
    return new LookupOutcome.Unknown(new IllegalStateException("the store is away"));
  }
}
