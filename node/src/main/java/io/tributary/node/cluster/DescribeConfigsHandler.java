package io.tributary.node.cluster;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.jspecify.annotations.Nullable;

/** DescribeConfigs, for topics, brokers, broker loggers and groups. */
public final class DescribeConfigsHandler
    implements Handler<DescribeConfigsRequest, DescribeConfigsResponse> {
  private final Supplier<ClusterImage> image;
  private final TopicLookup topics;
  private final ConfigDescriptions descriptions;
  private final Local local;

  /** What this node alone knows. */
  public record Local(BrokerConfigs configs, BrokerLoggers loggers) {}

  public DescribeConfigsHandler(
      Supplier<ClusterImage> image,
      TopicLookup topics,
      ConfigDescriptions descriptions,
      Local local) {
    this.image = image;
    this.topics = topics;
    this.descriptions = descriptions;
    this.local = local;
  }

  @Override
  public CompletionStage<DescribeConfigsResponse> handle(
      RequestContext context, DescribeConfigsRequest request) {
    List<CompletableFuture<DescribeConfigsResult>> results = new ArrayList<>();
    for (DescribeConfigsResource resource : request.data().resources()) {
      results.add(
          describe(resource)
              .thenApply(result -> asAsked(result, resource, request.data()))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenApply(
            _ ->
                new DescribeConfigsResponse(
                    new DescribeConfigsResponseData()
                        .setResults(results.stream().map(CompletableFuture::join).toList())));
  }

  private CompletionStage<DescribeConfigsResult> describe(DescribeConfigsResource resource) {
    String name = resource.resourceName() == null ? "" : resource.resourceName();
    ConfigResource.Type type = ConfigResource.Type.forId(resource.resourceType());
    return switch (type) {
      case TOPIC -> describeTopic(name);
      case BROKER -> CompletableFuture.completedStage(describeBroker(name));
      case BROKER_LOGGER -> CompletableFuture.completedStage(describeLoggers(name));
      case GROUP ->
          CompletableFuture.completedStage(
              name.isEmpty()
                  ? refused(Errors.INVALID_REQUEST, "Group name must not be empty")
                  : found(descriptions.group(image.get().configs().group(name).values())));
      case CLIENT_METRICS, UNKNOWN ->
          CompletableFuture.completedStage(
              refused(Errors.INVALID_REQUEST, "Unsupported resource type: " + type));
    };
  }

  private CompletionStage<DescribeConfigsResult> describeTopic(String name) {
    try {
      Topic.validate(name);
    } catch (InvalidTopicException e) {
      return CompletableFuture.completedStage(
          refused(Errors.INVALID_TOPIC_EXCEPTION, e.getMessage()));
    }
    return topics
        .lookup(name)
        .thenApply(
            outcome ->
                switch (outcome) {
                  case LookupOutcome.Found(TopicImage topic) -> found(descriptions.topic(topic));
                  case LookupOutcome.Absent _ -> refused(Errors.UNKNOWN_TOPIC_OR_PARTITION, "");
                  case LookupOutcome.Unknown _ ->
                      refused(Errors.REQUEST_TIMED_OUT, Errors.REQUEST_TIMED_OUT.message());
                });
  }

  private DescribeConfigsResult describeBroker(String name) {
    if (name.isEmpty()) {
      return found(descriptions.brokerDefaults());
    }
    return isThisBroker(name)
        ? found(descriptions.broker())
        : refused(
            Errors.INVALID_REQUEST,
            "Unexpected broker id, expected %d or empty string, but received %s"
                .formatted(local.configs().brokerId(), name));
  }

  private DescribeConfigsResult describeLoggers(String name) {
    if (name.isEmpty()) {
      return refused(Errors.INVALID_REQUEST, "Broker id must not be empty");
    }
    return isThisBroker(name)
        ? found(ConfigDescriptions.loggers(local.loggers()))
        : refused(
            Errors.INVALID_REQUEST,
            "Unexpected broker id, expected %d but received %s"
                .formatted(local.configs().brokerId(), name));
  }

  private boolean isThisBroker(String name) {
    return name.equals(Integer.toString(local.configs().brokerId()));
  }

  private static DescribeConfigsResult found(List<DescribeConfigsResourceResult> configs) {
    return new DescribeConfigsResult().setErrorMessage(null).setConfigs(configs);
  }

  private static DescribeConfigsResult refused(Errors error, @Nullable String message) {
    return new DescribeConfigsResult().setErrorCode(error.code()).setErrorMessage(message);
  }

  private static DescribeConfigsResult asAsked(
      DescribeConfigsResult result,
      DescribeConfigsResource resource,
      DescribeConfigsRequestData request) {
    List<String> names = resource.configurationKeys();
    // No list and an empty one both mean all, as in Apache Kafka.
    Set<String> wanted = names == null ? Set.of() : new HashSet<>(names);
    List<DescribeConfigsResourceResult> configs =
        result.configs().stream()
            .filter(config -> wanted.isEmpty() || wanted.contains(config.name()))
            .toList();
    for (DescribeConfigsResourceResult config : configs) {
      if (!request.includeSynonyms()) {
        config.setSynonyms(List.of());
      }
      if (!request.includeDocumentation()) {
        config.setDocumentation(null);
      }
    }
    return result
        .setResourceType(resource.resourceType())
        .setResourceName(resource.resourceName())
        .setConfigs(configs);
  }
}
