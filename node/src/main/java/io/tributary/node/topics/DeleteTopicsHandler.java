package io.tributary.node.topics;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.DeletedTopic;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.actors.cluster.Topics;
import io.tributary.actors.cluster.Topics.DeleteOutcome;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;
import org.jspecify.annotations.Nullable;

/**
 * DeleteTopics, by name and by id. Success means that the topic is gone and its name is free, which
 * is when every shard has journaled the deletion; a client that repeats a delete that took too long
 * waits for the same deletion.
 */
public final class DeleteTopicsHandler
    implements Handler<DeleteTopicsRequest, DeleteTopicsResponse> {
  private final Supplier<ClusterImage> image;
  private final Topics topics;

  public DeleteTopicsHandler(Supplier<ClusterImage> image, Topics topics) {
    this.image = image;
    this.topics = topics;
  }

  /** One topic that the client named, by name or by id. */
  private record Wanted(@Nullable String name, Uuid id) {}

  @Override
  public CompletionStage<DeleteTopicsResponse> handle(
      RequestContext context, DeleteTopicsRequest request) {
    Map<Wanted, Integer> counts = new LinkedHashMap<>();
    request
        .data()
        .topicNames()
        .forEach(name -> counts.merge(new Wanted(name, Uuid.ZERO_UUID), 1, Integer::sum));
    for (DeleteTopicState topic : request.data().topics()) {
      counts.merge(new Wanted(topic.name(), topic.topicId()), 1, Integer::sum);
    }
    Duration timeout = RequestTimeouts.of(request.data().timeoutMs());
    Deletion deletion = new Deletion(timeout);
    List<CompletableFuture<DeletableTopicResult>> results = new ArrayList<>();
    counts.forEach(
        (wanted, count) ->
            results.add(
                refusal(wanted, count)
                    .map(CompletableFuture::completedFuture)
                    .orElseGet(() -> deletion.delete(wanted).toCompletableFuture())));
    return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
        .thenApply(
            _ -> {
              DeleteTopicsResponseData data = new DeleteTopicsResponseData();
              results.forEach(result -> data.responses().add(result.join()));
              return new DeleteTopicsResponse(data);
            });
  }

  private static Optional<DeletableTopicResult> refusal(Wanted wanted, int count) {
    boolean byId = !wanted.id().equals(Uuid.ZERO_UUID);
    if (wanted.name() == null && !byId) {
      return Optional.of(invalid(wanted, "Neither topic name nor id were specified."));
    }
    if (wanted.name() != null && byId) {
      return Optional.of(invalid(wanted, "You may not specify both topic name and topic id."));
    }
    if (count > 1) {
      return Optional.of(invalid(wanted, byId ? "Duplicate topic id." : "Duplicate topic name."));
    }
    return Optional.empty();
  }

  private static DeletableTopicResult invalid(Wanted wanted, String message) {
    return new DeletableTopicResult()
        .setName(wanted.name())
        .setTopicId(wanted.id())
        .setErrorCode(Errors.INVALID_REQUEST.code())
        .setErrorMessage(message);
  }

  private static DeletableTopicResult result(Wanted wanted, Errors error) {
    return new DeletableTopicResult()
        .setName(wanted.name())
        .setTopicId(wanted.id())
        .setErrorCode(error.code())
        .setErrorMessage(error.message());
  }

  /** The deletions of one request. */
  private final class Deletion {
    private final Duration timeout;
    private final Map<UUID, Wanted> taken = new HashMap<>();

    Deletion(Duration timeout) {
      this.timeout = timeout;
    }

    CompletionStage<DeletableTopicResult> delete(Wanted wanted) {
      CompletionStage<LookupOutcome> lookup =
          wanted.name() == null
              ? topics.lookup(TopicIds.fromKafka(wanted.id()))
              : topics.lookup(wanted.name());
      return lookup.thenCompose(
          outcome ->
              switch (outcome) {
                case LookupOutcome.Found(TopicImage topic) -> delete(wanted, topic);
                case LookupOutcome.Absent _ -> deleteAbsent(wanted);
                case LookupOutcome.Unknown _ ->
                    CompletableFuture.completedFuture(result(wanted, Errors.REQUEST_TIMED_OUT));
              });
    }

    private CompletionStage<DeletableTopicResult> delete(Wanted wanted, TopicImage topic) {
      Wanted known = new Wanted(topic.name(), TopicIds.toKafka(topic.id()));
      if (!take(topic.id(), wanted)) {
        return CompletableFuture.completedFuture(
            invalid(known, "The provided topic name maps to an ID that was already supplied."));
      }
      return topics.delete(topic, timeout).thenApply(outcome -> answer(known, outcome));
    }

    private synchronized boolean take(UUID id, Wanted wanted) {
      return taken.putIfAbsent(id, wanted) == null;
    }

    private CompletionStage<DeletableTopicResult> deleteAbsent(Wanted wanted) {
      Optional<DeletedTopic> deleting =
          image.get().tombstones().values().stream()
              .filter(
                  topic ->
                      wanted.name() == null
                          ? TopicIds.toKafka(topic.id()).equals(wanted.id())
                          : topic.name().equals(wanted.name()))
              .findFirst();
      if (deleting.isEmpty()) {
        return CompletableFuture.completedFuture(result(wanted, unknown(wanted)));
      }
      DeletedTopic topic = deleting.get();
      return topics
          .finishDeleting(topic, timeout)
          .thenApply(
              outcome -> answer(new Wanted(topic.name(), TopicIds.toKafka(topic.id())), outcome));
    }

    private static Errors unknown(Wanted wanted) {
      return wanted.name() == null ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private static DeletableTopicResult answer(Wanted known, DeleteOutcome outcome) {
      return switch (outcome) {
        case DeleteOutcome.Deleted _ -> result(known, Errors.NONE).setErrorMessage(null);
        case DeleteOutcome.Absent _ -> result(known, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        case DeleteOutcome.Unknown _ -> result(known, Errors.REQUEST_TIMED_OUT);
      };
    }
  }
}
