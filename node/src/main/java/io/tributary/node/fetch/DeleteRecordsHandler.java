package io.tributary.node.fetch;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicConfigs;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.partition.DeleteRecordsAnswer;
import io.tributary.actors.partition.PartitionRequest.DeleteRecords;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.persistence.model.PartitionId;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResultCollection;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResultCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;
import org.apache.kafka.storage.internals.log.LogConfig;

/** Answers DeleteRecords, versions 0 to 2: moves log starts. */
public final class DeleteRecordsHandler
    implements Handler<DeleteRecordsRequest, DeleteRecordsResponse> {
  private static final Duration WAIT_MAX = Duration.ofMinutes(1);

  private final Supplier<ClusterImage> image;
  private final EachPartition partitions;
  private final TopicConfigs configs;
  private final ShardRouter router;

  public DeleteRecordsHandler(
      Supplier<ClusterImage> image, TopicLookup topics, TopicConfigs configs, ShardRouter router) {
    this.image = image;
    this.partitions = new EachPartition(topics);
    this.configs = configs;
    this.router = router;
  }

  @Override
  public CompletionStage<DeleteRecordsResponse> handle(
      RequestContext context, DeleteRecordsRequest request) {
    Duration asked = Duration.ofMillis(Math.max(1, request.data().timeoutMs()));
    Question question = new Question(asked.compareTo(WAIT_MAX) < 0 ? asked : WAIT_MAX);
    return EachPartition.all(
            request.data().topics().stream().map(topic -> answer(topic, question)).toList())
        .thenApply(
            topics ->
                new DeleteRecordsResponse(
                    new DeleteRecordsResponseData()
                        .setTopics(new DeleteRecordsTopicResultCollection(topics.iterator()))));
  }

  private CompletionStage<DeleteRecordsTopicResult> answer(
      DeleteRecordsTopic topic, Question question) {
    return partitions
        .of(topic.name(), topic.partitions(), question)
        .thenApply(
            answers ->
                new DeleteRecordsTopicResult()
                    .setName(topic.name())
                    .setPartitions(new DeleteRecordsPartitionResultCollection(answers.iterator())));
  }

  private final class Question
      implements EachPartition.Question<DeleteRecordsPartition, DeleteRecordsPartitionResult> {
    private final Duration timeout;

    Question(Duration timeout) {
      this.timeout = timeout;
    }

    @Override
    public int index(DeleteRecordsPartition partition) {
      return partition.partitionIndex();
    }

    @Override
    public CompletionStage<DeleteRecordsPartitionResult> ask(
        TopicImage topic, DeleteRecordsPartition partition) {
      LogConfig config = configs.of(topic);
      if (config.compact && !config.delete) {
        return completed(refuse(partition, Errors.POLICY_VIOLATION));
      }
      if (partition.offset() < DeleteRecords.HIGH_WATERMARK) {
        return completed(refuse(partition, Errors.OFFSET_OUT_OF_RANGE));
      }
      PartitionId id = topic.partition(partition.partitionIndex());
      // Asking twice moves the log start once, so an unknown outcome is one to try again.
      return router
          .ask(image.get().shards().shardOf(id), new DeleteRecords(id, partition.offset()), timeout)
          .handle(
              (answer, failure) ->
                  failure == null
                      ? answer(partition, answer)
                      : refuse(partition, Errors.NOT_LEADER_OR_FOLLOWER));
    }

    @Override
    public DeleteRecordsPartitionResult refuse(DeleteRecordsPartition partition, Errors error) {
      return new DeleteRecordsPartitionResult()
          .setPartitionIndex(partition.partitionIndex())
          .setLowWatermark(DeleteRecordsResponse.INVALID_LOW_WATERMARK)
          .setErrorCode(error.code());
    }

    private DeleteRecordsPartitionResult answer(
        DeleteRecordsPartition partition, DeleteRecordsAnswer answer) {
      return switch (answer) {
        case DeleteRecordsAnswer.Moved(long logStartOffset) ->
            new DeleteRecordsPartitionResult()
                .setPartitionIndex(partition.partitionIndex())
                .setLowWatermark(logStartOffset);
        case DeleteRecordsAnswer.OutOfRange _ -> refuse(partition, Errors.OFFSET_OUT_OF_RANGE);
        case DeleteRecordsAnswer.UnknownPartition _ ->
            refuse(partition, Errors.UNKNOWN_TOPIC_OR_PARTITION);
      };
    }
  }

  private static <T> CompletionStage<T> completed(T value) {
    return CompletableFuture.completedFuture(value);
  }
}
