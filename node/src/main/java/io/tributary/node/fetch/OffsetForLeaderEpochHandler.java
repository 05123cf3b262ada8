package io.tributary.node.fetch;

import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.view.LogReader;
import io.tributary.actors.view.OffsetOutcome;
import io.tributary.actors.view.OffsetQuery;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResultCollection;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;

/**
 * Answers OffsetForLeaderEpoch, versions 2 to 4. A log is never truncated, so whatever epoch a
 * client asks for (one it brought from another cluster: ours are unknown to clients) lasts to the
 * end of the log.
 */
public final class OffsetForLeaderEpochHandler
    implements Handler<OffsetsForLeaderEpochRequest, OffsetsForLeaderEpochResponse> {
  private final EachPartition partitions;
  private final LogReader reader;

  public OffsetForLeaderEpochHandler(TopicLookup topics, LogReader reader) {
    this.partitions = new EachPartition(topics);
    this.reader = reader;
  }

  @Override
  public CompletionStage<OffsetsForLeaderEpochResponse> handle(
      RequestContext context, OffsetsForLeaderEpochRequest request) {
    if (!FetchRequest.isConsumer(request.replicaId())) {
      return CompletableFuture.completedFuture(
          (OffsetsForLeaderEpochResponse)
              request.getErrorResponse(Errors.INVALID_REQUEST.exception()));
    }
    return EachPartition.all(request.data().topics().stream().map(this::answer).toList())
        .thenApply(
            topics ->
                new OffsetsForLeaderEpochResponse(
                    new OffsetForLeaderEpochResponseData()
                        .setTopics(new OffsetForLeaderTopicResultCollection(topics.iterator()))));
  }

  private CompletionStage<OffsetForLeaderTopicResult> answer(OffsetForLeaderTopic topic) {
    return partitions
        .of(topic.topic(), topic.partitions(), new Question())
        .thenApply(
            answers ->
                new OffsetForLeaderTopicResult().setTopic(topic.topic()).setPartitions(answers));
  }

  private final class Question
      implements EachPartition.Question<OffsetForLeaderPartition, EpochEndOffset> {
    @Override
    public int index(OffsetForLeaderPartition partition) {
      return partition.partition();
    }

    @Override
    public CompletionStage<EpochEndOffset> ask(
        TopicImage topic, OffsetForLeaderPartition partition) {
      if (partition.leaderEpoch() < 0) {
        return CompletableFuture.completedFuture(refuse(partition, Errors.NONE));
      }
      return reader
          .offset(topic.partition(partition.partition()), new OffsetQuery.Latest())
          .thenApply(
              latest ->
                  latest instanceof OffsetOutcome.Found(long end, _)
                      ? new EpochEndOffset()
                          .setPartition(partition.partition())
                          .setLeaderEpoch(partition.leaderEpoch())
                          .setEndOffset(end)
                      : refuse(partition, Errors.NOT_LEADER_OR_FOLLOWER));
    }

    @Override
    public EpochEndOffset refuse(OffsetForLeaderPartition partition, Errors error) {
      return new EpochEndOffset().setPartition(partition.partition()).setErrorCode(error.code());
    }
  }
}
