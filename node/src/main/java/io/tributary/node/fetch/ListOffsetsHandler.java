package io.tributary.node.fetch;

import static org.apache.kafka.common.requests.ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP;
import static org.apache.kafka.common.requests.ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP;
import static org.apache.kafka.common.requests.ListOffsetsRequest.EARLIEST_TIMESTAMP;
import static org.apache.kafka.common.requests.ListOffsetsRequest.LATEST_TIERED_TIMESTAMP;
import static org.apache.kafka.common.requests.ListOffsetsRequest.LATEST_TIMESTAMP;
import static org.apache.kafka.common.requests.ListOffsetsRequest.MAX_TIMESTAMP;

import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.view.LogReader;
import io.tributary.actors.view.OffsetOutcome;
import io.tributary.actors.view.OffsetQuery;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/** Answers ListOffsets, versions 1 to 11. There is no tiering: all of the log counts as local. */
public final class ListOffsetsHandler implements Handler<ListOffsetsRequest, ListOffsetsResponse> {
  /** The version from which each special timestamp may be asked for. */
  private static final Map<Long, Integer> SINCE_VERSION =
      Map.of(
          LATEST_TIMESTAMP, 1,
          EARLIEST_TIMESTAMP, 1,
          MAX_TIMESTAMP, 7,
          EARLIEST_LOCAL_TIMESTAMP, 8,
          LATEST_TIERED_TIMESTAMP, 9,
          EARLIEST_PENDING_UPLOAD_TIMESTAMP, 11);

  private final EachPartition partitions;
  private final LogReader reader;

  public ListOffsetsHandler(TopicLookup topics, LogReader reader) {
    this.partitions = new EachPartition(topics);
    this.reader = reader;
  }

  @Override
  public CompletionStage<ListOffsetsResponse> handle(
      RequestContext context, ListOffsetsRequest request) {
    if (!FetchRequest.isConsumer(request.replicaId())) {
      return CompletableFuture.completedFuture(
          (ListOffsetsResponse) request.getErrorResponse(Errors.INVALID_REQUEST.exception()));
    }
    return EachPartition.all(
            request.topics().stream().map(topic -> answer(topic, request)).toList())
        .thenApply(
            topics -> new ListOffsetsResponse(new ListOffsetsResponseData().setTopics(topics)));
  }

  private CompletionStage<ListOffsetsTopicResponse> answer(
      ListOffsetsTopic topic, ListOffsetsRequest request) {
    Question question =
        new Question(topic.name(), request.version(), request.duplicatePartitions());
    return partitions
        .of(topic.name(), topic.partitions(), question)
        .thenApply(
            answers -> new ListOffsetsTopicResponse().setName(topic.name()).setPartitions(answers));
  }

  private final class Question
      implements EachPartition.Question<ListOffsetsPartition, ListOffsetsPartitionResponse> {
    private final String topicName;
    private final short version;
    private final Set<TopicPartition> duplicates;

    Question(String topicName, short version, Set<TopicPartition> duplicates) {
      this.topicName = topicName;
      this.version = version;
      this.duplicates = duplicates;
    }

    @Override
    public int index(ListOffsetsPartition partition) {
      return partition.partitionIndex();
    }

    @Override
    public CompletionStage<ListOffsetsPartitionResponse> ask(
        TopicImage topic, ListOffsetsPartition partition) {
      int index = partition.partitionIndex();
      long timestamp = partition.timestamp();
      if (duplicates.contains(new TopicPartition(topicName, index))) {
        return completed(refuse(partition, Errors.INVALID_REQUEST));
      }
      if (timestamp < 0 && SINCE_VERSION.getOrDefault(timestamp, Integer.MAX_VALUE) > version) {
        return completed(refuse(partition, Errors.UNSUPPORTED_VERSION));
      }
      return query(timestamp)
          .map(query -> reader.offset(topic.partition(index), query))
          .orElseGet(() -> CompletableFuture.completedFuture(new OffsetOutcome.None()))
          .thenApply(outcome -> answer(partition, outcome));
    }

    @Override
    public ListOffsetsPartitionResponse refuse(ListOffsetsPartition partition, Errors error) {
      return new ListOffsetsPartitionResponse()
          .setPartitionIndex(partition.partitionIndex())
          .setErrorCode(error.code());
    }

    private ListOffsetsPartitionResponse answer(
        ListOffsetsPartition partition, OffsetOutcome outcome) {
      return switch (outcome) {
        case OffsetOutcome.Found(long offset, long timestampMs) ->
            new ListOffsetsPartitionResponse()
                .setPartitionIndex(partition.partitionIndex())
                .setOffset(offset)
                .setTimestamp(timestampMs);
        case OffsetOutcome.None() ->
            new ListOffsetsPartitionResponse().setPartitionIndex(partition.partitionIndex());
        case OffsetOutcome.Unavailable() -> refuse(partition, Errors.NOT_LEADER_OR_FOLLOWER);
      };
    }
  }

  /** Empty for what only tiering has: there is no such offset. */
  private static Optional<OffsetQuery> query(long timestamp) {
    if (timestamp == LATEST_TIERED_TIMESTAMP || timestamp == EARLIEST_PENDING_UPLOAD_TIMESTAMP) {
      return Optional.empty();
    }
    if (timestamp == EARLIEST_TIMESTAMP || timestamp == EARLIEST_LOCAL_TIMESTAMP) {
      return Optional.of(new OffsetQuery.Earliest());
    }
    if (timestamp == LATEST_TIMESTAMP) {
      return Optional.of(new OffsetQuery.Latest());
    }
    return Optional.of(
        timestamp == MAX_TIMESTAMP
            ? new OffsetQuery.MaxTimestamp()
            : new OffsetQuery.AtTimestamp(timestamp));
  }

  private static <T> CompletionStage<T> completed(T value) {
    return CompletableFuture.completedFuture(value);
  }
}
