package io.tributary.node.topics;

import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.actors.cluster.Topics;
import io.tributary.actors.cluster.Topics.CreateOutcome;
import io.tributary.actors.cluster.Topics.NewTopic;
import io.tributary.node.cluster.BrokerConfigs;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.internals.Topic;

/**
 * Creates topics that clients only mention ({@code auto.create.topics.enable}), with the default
 * number of partitions and no configs of their own.
 */
public final class TopicCreator {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Topics topics;
  private final BrokerConfigs configs;

  public TopicCreator(Topics topics, BrokerConfigs configs) {
    this.topics = topics;
    this.configs = configs;
  }

  Topics topics() {
    return topics;
  }

  /**
   * @param name a valid topic name
   */
  CompletionStage<LookupOutcome> lookupOrCreate(String name) {
    return topics
        .lookup(name)
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case LookupOutcome.Absent absent ->
                      configs.autoCreatesTopics() && !Topic.isInternal(name)
                          ? create(name)
                          : CompletableFuture.completedFuture(absent);
                  case LookupOutcome.Found _, LookupOutcome.Unknown _ ->
                      CompletableFuture.completedFuture(outcome);
                });
  }

  private CompletionStage<LookupOutcome> create(String name) {
    return topics
        .create(new NewTopic(name, configs.partitionsDefault(), Map.of()), TIMEOUT)
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case CreateOutcome.Created(var topic) ->
                      CompletableFuture.completedFuture(new LookupOutcome.Found(topic));
                  // Another client was first, or the old topic of this name is not yet gone.
                  case CreateOutcome.Exists _ -> topics.lookup(name);
                  case CreateOutcome.Collides _ ->
                      CompletableFuture.completedFuture(new LookupOutcome.Absent());
                  case CreateOutcome.Unknown(Throwable cause) ->
                      CompletableFuture.completedFuture(new LookupOutcome.Unknown(cause));
                });
  }
}
