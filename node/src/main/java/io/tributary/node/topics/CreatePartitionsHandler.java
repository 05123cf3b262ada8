package io.tributary.node.topics;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.actors.cluster.Topics;
import io.tributary.actors.cluster.Topics.ChangeOutcome;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;

/** CreatePartitions: raises partition counts, each topic of a request by itself. */
public final class CreatePartitionsHandler
    implements Handler<CreatePartitionsRequest, CreatePartitionsResponse> {
  private final Supplier<ClusterImage> image;
  private final Topics topics;

  public CreatePartitionsHandler(Supplier<ClusterImage> image, Topics topics) {
    this.image = image;
    this.topics = topics;
  }

  @Override
  public CompletionStage<CreatePartitionsResponse> handle(
      RequestContext context, CreatePartitionsRequest request) {
    CreatePartitionsRequestData data = request.data();
    Duration timeout = RequestTimeouts.of(data.timeoutMs());
    Set<String> repeated = repeated(data);
    List<CompletableFuture<CreatePartitionsTopicResult>> results = new ArrayList<>();
    for (CreatePartitionsTopic topic : data.topics()) {
      if (!repeated.contains(topic.name())) {
        results.add(
            grow(topic, data.validateOnly(), timeout)
                .thenApply(error -> result(topic.name(), error))
                .toCompletableFuture());
      }
    }
    ApiError duplicate = new ApiError(Errors.INVALID_REQUEST, "Duplicate topic name.");
    repeated.forEach(
        name -> results.add(CompletableFuture.completedFuture(result(name, duplicate))));
    return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenApply(
            _ ->
                new CreatePartitionsResponse(
                    new CreatePartitionsResponseData()
                        .setResults(results.stream().map(CompletableFuture::join).toList())));
  }

  private static Set<String> repeated(CreatePartitionsRequestData data) {
    Set<String> seen = new HashSet<>();
    Set<String> repeated = new HashSet<>();
    for (CreatePartitionsTopic topic : data.topics()) {
      if (!seen.add(topic.name())) {
        repeated.add(topic.name());
      }
    }
    return repeated;
  }

  private CompletionStage<ApiError> grow(
      CreatePartitionsTopic wanted, boolean validateOnly, Duration timeout) {
    return topics
        .lookup(wanted.name())
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case LookupOutcome.Found(TopicImage topic) ->
                      refusal(wanted, topic)
                          .map(CompletableFuture::completedStage)
                          .orElseGet(() -> grow(topic, wanted.count(), validateOnly, timeout));
                  case LookupOutcome.Absent _ -> error(Errors.UNKNOWN_TOPIC_OR_PARTITION);
                  case LookupOutcome.Unknown _ -> error(Errors.REQUEST_TIMED_OUT);
                });
  }

  private CompletionStage<ApiError> grow(
      TopicImage topic, int count, boolean validateOnly, Duration timeout) {
    if (validateOnly) {
      return CompletableFuture.completedFuture(ApiError.NONE);
    }
    return topics
        .addPartitions(topic, count, timeout)
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case ChangeOutcome.Changed _ -> CompletableFuture.completedStage(ApiError.NONE);
                  case ChangeOutcome.Absent _ -> error(Errors.UNKNOWN_TOPIC_OR_PARTITION);
                  case ChangeOutcome.Refused(Errors error, String message) ->
                      CompletableFuture.completedStage(new ApiError(error, message));
                  case ChangeOutcome.Unknown _ -> error(Errors.REQUEST_TIMED_OUT);
                });
  }

  private Optional<ApiError> refusal(CreatePartitionsTopic wanted, TopicImage topic) {
    int additional = wanted.count() - topic.partitions();
    if (additional == 0) {
      return invalidCount("Topic already has " + topic.partitions() + " partition(s).");
    }
    if (additional < 0) {
      return invalidCount(
          "The topic %s currently has %d partition(s); %d would not be an increase."
              .formatted(topic.name(), topic.partitions(), wanted.count()));
    }
    if (additional > CreateTopicsHandler.PARTITIONS_PER_REQUEST_MAX) {
      return Optional.of(
          new ApiError(
              Errors.POLICY_VIOLATION, "Excessively large number of partitions per request."));
    }
    return wanted.assignments() == null
        ? Optional.empty()
        : assignedRefusal(wanted.assignments(), additional);
  }

  private Optional<ApiError> assignedRefusal(
      List<CreatePartitionsAssignment> assignments, int additional) {
    if (assignments.size() != additional) {
      return Optional.of(
          new ApiError(
              Errors.INVALID_REPLICA_ASSIGNMENT,
              "Attempted to add %d additional partition(s), but only %d assignment(s) were specified."
                  .formatted(additional, assignments.size())));
    }
    OptionalInt replicas = OptionalInt.empty();
    for (CreatePartitionsAssignment assignment : assignments) {
      Optional<ApiError> refusal =
          ReplicaAssignments.refusal(assignment.brokerIds(), replicas, image.get());
      if (refusal.isPresent()) {
        return refusal;
      }
      replicas = OptionalInt.of(assignment.brokerIds().size());
    }
    return Optional.empty();
  }

  private static Optional<ApiError> invalidCount(String message) {
    return Optional.of(new ApiError(Errors.INVALID_PARTITIONS, message));
  }

  private static CompletionStage<ApiError> error(Errors error) {
    return CompletableFuture.completedStage(new ApiError(error));
  }

  private static CreatePartitionsTopicResult result(String name, ApiError error) {
    return new CreatePartitionsTopicResult()
        .setName(name)
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }
}
