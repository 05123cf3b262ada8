package io.tributary.actors.cluster;

import io.tributary.actors.cluster.ClusterImages.RefreshOutcome;
import io.tributary.actors.cluster.KeyChange.Limit;
import io.tributary.actors.cluster.KeyChange.Place;
import io.tributary.actors.cluster.TopicDeletion.DeletionOutcome;
import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.metadata.MetadataStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;

/**
 * Creates, changes and deletes topics, and configs of brokers and groups: each a compare-and-set of
 * one key of the metadata store, from any node. Outcomes are what the store says, read back where
 * an answer was lost. Callable from any thread; outcomes complete on the loop.
 */
public final class Topics implements TopicLookup {
  private final Place place;
  private final TopicDeletion deletion;
  private final Supplier<UUID> freshIds;

  /**
   * @param freshIds random topic ids
   */
  public Topics(
      EventLoop loop, MetadataStore store, TopicDeletion deletion, Supplier<UUID> freshIds) {
    this.place = new Place(loop, store, deletion.images());
    this.deletion = deletion;
    this.freshIds = freshIds;
  }

  /**
   * A topic to create; its name and configs have been validated.
   *
   * @param overrides the topic configs it is created with
   */
  public record NewTopic(String name, int partitions, Map<String, String> overrides) {
    public NewTopic {
      overrides = Map.copyOf(overrides);
    }
  }

  public sealed interface CreateOutcome {
    record Created(TopicImage topic) implements CreateOutcome {}

    /**
     * The name is taken.
     *
     * @param beingDeleted by a topic that is gone, but not yet forgotten by every shard
     */
    record Exists(boolean beingDeleted) implements CreateOutcome {}

    /** Another topic's name differs only in dots and underscores. */
    record Collides(String existing) implements CreateOutcome {}

    record Unknown(Throwable cause) implements CreateOutcome {}
  }

  public sealed interface ChangeOutcome {
    /** Done, or already as wanted. */
    record Changed() implements ChangeOutcome {}

    record Absent() implements ChangeOutcome {}

    record Refused(Errors error, String message) implements ChangeOutcome {}

    record Unknown(Throwable cause) implements ChangeOutcome {}
  }

  public sealed interface DeleteOutcome {
    /** The topic is gone and its name is free. */
    record Deleted() implements DeleteOutcome {}

    record Absent() implements DeleteOutcome {}

    /**
     * The topic is gone, or may be; the name is not yet free. What has begun ends without the
     * caller.
     */
    record Unknown(Throwable cause) implements DeleteOutcome {}
  }

  @Override
  public CompletionStage<LookupOutcome> lookup(String name) {
    return lookup(image -> image.topic(name));
  }

  @Override
  public CompletionStage<LookupOutcome> lookup(UUID id) {
    return lookup(image -> image.topic(id));
  }

  private CompletionStage<LookupOutcome> lookup(Function<ClusterImage, Optional<TopicImage>> in) {
    Optional<TopicImage> known = in.apply(images().get());
    if (known.isPresent()) {
      return CompletableFuture.completedFuture(new LookupOutcome.Found(known.get()));
    }
    return images()
        .refresh()
        .thenApply(
            outcome ->
                switch (outcome) {
                  case RefreshOutcome.Current(ClusterImage image) ->
                      in.apply(image)
                          .<LookupOutcome>map(LookupOutcome.Found::new)
                          .orElseGet(LookupOutcome.Absent::new);
                  case RefreshOutcome.Unknown(Throwable cause) -> new LookupOutcome.Unknown(cause);
                });
  }

  public CompletionStage<CreateOutcome> create(NewTopic topic, Duration timeout) {
    Optional<String> collision = collision(topic.name());
    if (collision.isPresent()) {
      return CompletableFuture.completedFuture(new CreateOutcome.Collides(collision.get()));
    }
    return KeyChange.run(
        place,
        ClusterRecords.topicKey(topic.name()),
        new TopicRules.Creation(topic, freshIds),
        new Limit<>(timeout, CreateOutcome.Unknown::new));
  }

  /** A topic of the image whose name differs from this one only in dots and underscores. */
  public Optional<String> collision(String name) {
    if (!Topic.hasCollisionChars(name)) {
      return Optional.empty();
    }
    return images().get().topicsByName().keySet().stream()
        .filter(other -> !other.equals(name) && Topic.hasCollision(name, other))
        .findFirst();
  }

  /**
   * Raises the topic's partition count.
   *
   * @param count the count to have afterwards
   */
  public CompletionStage<ChangeOutcome> addPartitions(
      TopicImage topic, int count, Duration timeout) {
    return KeyChange.run(
        place,
        ClusterRecords.topicKey(topic.name()),
        new TopicRules.Growth(topic, count),
        new Limit<>(timeout, ChangeOutcome.Unknown::new));
  }

  public CompletionStage<ChangeOutcome> alterConfigs(
      TopicImage topic, ConfigEdit edit, Duration timeout) {
    return KeyChange.run(
        place,
        ClusterRecords.topicKey(topic.name()),
        new TopicRules.TopicConfigChange(topic, edit),
        new Limit<>(timeout, ChangeOutcome.Unknown::new));
  }

  public CompletionStage<ChangeOutcome> alterConfigs(
      ConfigOwner owner, ConfigEdit edit, Duration timeout) {
    String key = ClusterRecords.configKey(owner);
    return KeyChange.run(
        place,
        key,
        new TopicRules.OwnerConfigChange(key, edit),
        new Limit<>(timeout, ChangeOutcome.Unknown::new));
  }

  /**
   * Deletes the topic; completes when its name is free, which is when every partition and group
   * shard has journaled the deletion, or when the time is over.
   */
  public CompletionStage<DeleteOutcome> delete(TopicImage topic, Duration timeout) {
    long startNanos = place.loop().nanoTime();
    return KeyChange.run(
            place,
            ClusterRecords.topicKey(topic.name()),
            new TopicRules.Burial(topic),
            new Limit<>(timeout, TopicRules.Burial.Outcome.Unknown::new))
        .thenCompose(
            burial ->
                switch (burial) {
                  case TopicRules.Burial.Outcome.Gone _ -> completed(new DeleteOutcome.Deleted());
                  case TopicRules.Burial.Outcome.Absent _ -> completed(new DeleteOutcome.Absent());
                  case TopicRules.Burial.Outcome.Unknown(Throwable cause) ->
                      completed(new DeleteOutcome.Unknown(cause));
                  case TopicRules.Burial.Outcome.Buried(DeletedTopic deleted) ->
                      forgotten(deleted, remaining(timeout, startNanos));
                });
  }

  /**
   * A topic of this name that is still being deleted: waits until the name is free, as a repeated
   * delete does.
   */
  public CompletionStage<DeleteOutcome> finishDeleting(DeletedTopic topic, Duration timeout) {
    return forgotten(topic, timeout);
  }

  private CompletionStage<DeleteOutcome> forgotten(DeletedTopic topic, Duration timeout) {
    return deletion
        .finish(topic, timeout)
        .thenApply(
            outcome ->
                switch (outcome) {
                  case DeletionOutcome.Forgotten _ -> new DeleteOutcome.Deleted();
                  case DeletionOutcome.StillRunning(Throwable cause) ->
                      new DeleteOutcome.Unknown(cause);
                });
  }

  private Duration remaining(Duration timeout, long startNanos) {
    return timeout.minusNanos(place.loop().nanoTime() - startNanos);
  }

  private static CompletionStage<DeleteOutcome> completed(DeleteOutcome outcome) {
    return CompletableFuture.completedFuture(outcome);
  }

  private ClusterImages images() {
    return place.images();
  }
}
