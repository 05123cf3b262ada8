package io.tributary.node.topics;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.actors.cluster.Topics;
import io.tributary.actors.cluster.Topics.CreateOutcome;
import io.tributary.actors.cluster.Topics.NewTopic;
import io.tributary.node.cluster.BrokerConfigs;
import io.tributary.node.cluster.ConfigDescriptions;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;

/** CreateTopics: each topic of a request by itself. */
public final class CreateTopicsHandler
    implements Handler<CreateTopicsRequest, CreateTopicsResponse> {
  /** Most partitions one request may create: Apache Kafka's own bound. */
  static final int PARTITIONS_PER_REQUEST_MAX = 10_000;

  private final Supplier<ClusterImage> image;
  private final Topics topics;
  private final BrokerConfigs configs;
  private final NewTopicRules rules;
  private final ConfigDescriptions descriptions;

  public CreateTopicsHandler(
      Supplier<ClusterImage> image,
      Topics topics,
      BrokerConfigs configs,
      ConfigDescriptions descriptions) {
    this.image = image;
    this.topics = topics;
    this.configs = configs;
    this.rules = new NewTopicRules(configs);
    this.descriptions = descriptions;
  }

  @Override
  public CompletionStage<CreateTopicsResponse> handle(
      RequestContext context, CreateTopicsRequest request) {
    CreateTopicsRequestData data = request.data();
    refuseTooMany(data);
    Set<String> repeated = repeated(data);
    Duration timeout = RequestTimeouts.of(data.timeoutMs());
    List<CompletableFuture<CreatableTopicResult>> results = new ArrayList<>();
    for (CreatableTopic topic : data.topics()) {
      if (!repeated.contains(topic.name())) {
        results.add(create(topic, data.validateOnly(), timeout).toCompletableFuture());
      }
    }
    repeated.forEach(
        name ->
            results.add(
                CompletableFuture.completedFuture(
                    failed(name, new ApiError(Errors.INVALID_REQUEST, "Duplicate topic name.")))));
    return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenApply(
            _ -> {
              CreateTopicsResponseData response = new CreateTopicsResponseData();
              results.forEach(result -> response.topics().add(result.join()));
              return new CreateTopicsResponse(response);
            });
  }

  private void refuseTooMany(CreateTopicsRequestData data) {
    long partitions = 0;
    for (CreatableTopic topic : data.topics()) {
      partitions +=
          topic.assignments().isEmpty()
              ? topic.numPartitions() == -1 ? configs.partitionsDefault() : topic.numPartitions()
              : topic.assignments().size();
    }
    if (partitions > PARTITIONS_PER_REQUEST_MAX) {
      throw new PolicyViolationException("Excessively large number of partitions per request.");
    }
  }

  private static Set<String> repeated(CreateTopicsRequestData data) {
    Set<String> seen = new HashSet<>();
    Set<String> repeated = new HashSet<>();
    for (CreatableTopic topic : data.topics()) {
      if (!seen.add(topic.name())) {
        repeated.add(topic.name());
      }
    }
    return repeated;
  }

  private CompletionStage<CreatableTopicResult> create(
      CreatableTopic topic, boolean validateOnly, Duration timeout) {
    return switch (rules.check(topic, image.get())) {
      case NewTopicRules.Result.Refused(ApiError error) ->
          CompletableFuture.completedFuture(failed(topic.name(), error));
      case NewTopicRules.Result.Accepted(NewTopic accepted) ->
          validateOnly ? validate(accepted) : create(accepted, timeout);
    };
  }

  private CompletionStage<CreatableTopicResult> create(NewTopic topic, Duration timeout) {
    return topics
        .create(topic, timeout)
        .thenApply(
            outcome ->
                switch (outcome) {
                  case CreateOutcome.Created(TopicImage created) -> created(created);
                  case CreateOutcome.Exists(boolean beingDeleted) ->
                      failed(topic.name(), exists(topic.name(), beingDeleted));
                  case CreateOutcome.Collides(String existing) ->
                      failed(topic.name(), collides(topic.name(), existing));
                  case CreateOutcome.Unknown _ ->
                      failed(
                          topic.name(),
                          ApiError.fromThrowable(Errors.REQUEST_TIMED_OUT.exception()));
                });
  }

  private CompletionStage<CreatableTopicResult> validate(NewTopic topic) {
    return topics
        .lookup(topic.name())
        .thenApply(
            outcome ->
                switch (outcome) {
                  case LookupOutcome.Found _ -> failed(topic.name(), exists(topic.name(), false));
                  case LookupOutcome.Absent _ ->
                      topics
                          .collision(topic.name())
                          .map(other -> failed(topic.name(), collides(topic.name(), other)))
                          .orElseGet(
                              () ->
                                  created(
                                      new TopicImage(
                                          topic.name(),
                                          TopicIds.fresh(),
                                          topic.partitions(),
                                          topic.overrides(),
                                          0)));
                  case LookupOutcome.Unknown _ ->
                      failed(
                          topic.name(),
                          ApiError.fromThrowable(Errors.REQUEST_TIMED_OUT.exception()));
                });
  }

  private static ApiError exists(String name, boolean beingDeleted) {
    return new ApiError(
        Errors.TOPIC_ALREADY_EXISTS,
        beingDeleted
            ? "Topic '" + name + "' is marked for deletion."
            : "Topic '" + name + "' already exists.");
  }

  private static ApiError collides(String name, String existing) {
    return new ApiError(
        Errors.INVALID_TOPIC_EXCEPTION,
        "Topic '" + name + "' collides with existing topic: " + existing);
  }

  private static CreatableTopicResult failed(String name, ApiError error) {
    return new CreatableTopicResult()
        .setName(name)
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }

  private CreatableTopicResult created(TopicImage topic) {
    return new CreatableTopicResult()
        .setName(topic.name())
        .setTopicId(TopicIds.toKafka(topic.id()))
        .setErrorCode(Errors.NONE.code())
        .setErrorMessage(null)
        .setTopicConfigErrorCode(Errors.NONE.code())
        .setNumPartitions(topic.partitions())
        .setReplicationFactor(NewTopicRules.REPLICATION_FACTOR)
        .setConfigs(
            descriptions.topic(topic).stream().map(CreateTopicsHandler::creatable).toList());
  }

  private static CreatableTopicConfigs creatable(DescribeConfigsResourceResult config) {
    return new CreatableTopicConfigs()
        .setName(config.name())
        .setValue(config.value())
        .setReadOnly(config.readOnly())
        .setConfigSource(config.configSource())
        .setIsSensitive(config.isSensitive());
  }
}
