package io.tributary.node.cluster;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.ConfigEdit;
import io.tributary.actors.cluster.ConfigOwner;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.actors.cluster.Topics;
import io.tributary.actors.cluster.Topics.ChangeOutcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** Applies one edit to one resource's configs, whatever kind it is. */
public final class ConfigChanges {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Supplier<ClusterImage> image;
  private final Topics topics;
  private final BrokerConfigs brokerConfigs;
  private final ConfigRules brokerRules = new BrokerConfigRules();
  private final ConfigRules groupRules = new GroupConfigRules();

  public ConfigChanges(Supplier<ClusterImage> image, Topics topics, BrokerConfigs brokerConfigs) {
    this.image = image;
    this.topics = topics;
    this.brokerConfigs = brokerConfigs;
  }

  /**
   * A change of one resource.
   *
   * @param edit makes the edit under the rules of the resource's kind
   */
  record Change(ConfigResource resource, Function<ConfigRules, ConfigEdit> edit) {}

  CompletionStage<ApiError> apply(Change change, boolean validateOnly) {
    String name = change.resource().name();
    return switch (change.resource().type()) {
      case TOPIC -> changeTopic(change, validateOnly);
      case BROKER -> changeBroker(change, validateOnly);
      case GROUP ->
          name.isEmpty()
              ? refused(Errors.INVALID_REQUEST, "Default group resources are not allowed.")
              : changeOwned(
                  new ConfigOwner.Group(name),
                  image.get().configs().group(name).values(),
                  change.edit().apply(groupRules),
                  validateOnly);
      case BROKER_LOGGER, CLIENT_METRICS, UNKNOWN ->
          refused(Errors.INVALID_REQUEST, "Unsupported resource type: " + change.resource().type());
    };
  }

  private CompletionStage<ApiError> changeTopic(Change change, boolean validateOnly) {
    String name = change.resource().name();
    if (name.isEmpty()) {
      return refused(Errors.INVALID_REQUEST, "Default topic resources are not allowed.");
    }
    try {
      Topic.validate(name);
    } catch (InvalidTopicException e) {
      return refused(Errors.INVALID_TOPIC_EXCEPTION, String.valueOf(e.getMessage()));
    }
    ConfigEdit edit = change.edit().apply(brokerConfigs.topicRules());
    return topics
        .lookup(name)
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case LookupOutcome.Found(TopicImage topic) ->
                      validateOnly
                          ? verdict(edit.apply(topic.overrides()))
                          : topics
                              .alterConfigs(topic, edit, TIMEOUT)
                              .thenApply(changed -> answer(name, changed));
                  case LookupOutcome.Absent _ ->
                      CompletableFuture.completedStage(unknownTopic(name));
                  case LookupOutcome.Unknown _ ->
                      CompletableFuture.completedStage(new ApiError(Errors.REQUEST_TIMED_OUT));
                });
  }

  private CompletionStage<ApiError> changeBroker(Change change, boolean validateOnly) {
    String name = change.resource().name();
    ConfigEdit edit = change.edit().apply(brokerRules);
    if (name.isEmpty()) {
      return changeOwned(
          new ConfigOwner.EveryBroker(), brokerConfigs.dynamicDefaults(), edit, validateOnly);
    }
    int id;
    try {
      id = Integer.parseInt(name);
    } catch (NumberFormatException _) {
      return refused(Errors.INVALID_REQUEST, "Node id must be an integer, but it is: " + name);
    }
    if (id != brokerConfigs.brokerId()) {
      return refused(
          Errors.INVALID_REQUEST,
          "Unexpected broker id, expected %d, but received %s"
              .formatted(brokerConfigs.brokerId(), name));
    }
    return changeOwned(new ConfigOwner.Broker(id), brokerConfigs.dynamic(), edit, validateOnly);
  }

  private CompletionStage<ApiError> changeOwned(
      ConfigOwner owner, Map<String, String> stored, ConfigEdit edit, boolean validateOnly) {
    return validateOnly
        ? verdict(edit.apply(stored))
        : topics.alterConfigs(owner, edit, TIMEOUT).thenApply(changed -> answer("", changed));
  }

  private static CompletionStage<ApiError> verdict(ConfigEdit.Result result) {
    return CompletableFuture.completedStage(
        switch (result) {
          case ConfigEdit.Result.Accepted _ -> ApiError.NONE;
          case ConfigEdit.Result.Refused(Errors error, String message) ->
              new ApiError(error, message);
        });
  }

  private static ApiError answer(String topic, ChangeOutcome outcome) {
    return switch (outcome) {
      case ChangeOutcome.Changed _ -> ApiError.NONE;
      case ChangeOutcome.Absent _ -> unknownTopic(topic);
      case ChangeOutcome.Refused(Errors error, String message) -> new ApiError(error, message);
      case ChangeOutcome.Unknown _ -> new ApiError(Errors.REQUEST_TIMED_OUT);
    };
  }

  private static ApiError unknownTopic(String name) {
    return new ApiError(
        Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + name + "' does not exist.");
  }

  private static CompletionStage<ApiError> refused(Errors error, String message) {
    return CompletableFuture.completedStage(new ApiError(error, message));
  }
}
