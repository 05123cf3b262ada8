package io.tributary.node.fetch;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.partition.PartitionRequest.DescribeProducers;
import io.tributary.actors.partition.PartitionRequest.Producers;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ProducerState;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeProducersRequest;
import org.apache.kafka.common.requests.DescribeProducersResponse;

/** Answers DescribeProducers, version 0: the idempotent producers that partitions remember. */
public final class DescribeProducersHandler
    implements Handler<DescribeProducersRequest, DescribeProducersResponse> {
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
  private static final int NO_COORDINATOR = -1;
  private static final long NO_TRANSACTION = -1;

  private final Supplier<ClusterImage> image;
  private final EachPartition partitions;
  private final ShardRouter router;

  public DescribeProducersHandler(
      Supplier<ClusterImage> image, TopicLookup topics, ShardRouter router) {
    this.image = image;
    this.partitions = new EachPartition(topics);
    this.router = router;
  }

  @Override
  public CompletionStage<DescribeProducersResponse> handle(
      RequestContext context, DescribeProducersRequest request) {
    return EachPartition.all(request.data().topics().stream().map(this::answer).toList())
        .thenApply(
            topics ->
                new DescribeProducersResponse(
                    new DescribeProducersResponseData().setTopics(topics)));
  }

  private CompletionStage<TopicResponse> answer(TopicRequest topic) {
    return partitions
        .of(topic.name(), topic.partitionIndexes(), new Question())
        .thenApply(answers -> new TopicResponse().setName(topic.name()).setPartitions(answers));
  }

  private final class Question implements EachPartition.Question<Integer, PartitionResponse> {
    @Override
    public int index(Integer partition) {
      return partition;
    }

    @Override
    public CompletionStage<PartitionResponse> ask(TopicImage topic, Integer partition) {
      PartitionId id = topic.partition(partition);
      return router
          .ask(image.get().shards().shardOf(id), new DescribeProducers(id), ASK_TIMEOUT)
          .handle(
              (producers, failure) ->
                  failure == null
                      ? answer(partition, producers)
                      : refuse(partition, Errors.NOT_LEADER_OR_FOLLOWER));
    }

    @Override
    public PartitionResponse refuse(Integer partition, Errors error) {
      return new PartitionResponse()
          .setPartitionIndex(partition)
          .setErrorCode(error.code())
          .setErrorMessage(error.message());
    }

    private PartitionResponse answer(int partition, Producers producers) {
      return new PartitionResponse()
          .setPartitionIndex(partition)
          .setActiveProducers(
              producers.states().stream().map(DescribeProducersHandler::describe).toList());
    }
  }

  private static DescribeProducersResponseData.ProducerState describe(ProducerState producer) {
    return new DescribeProducersResponseData.ProducerState()
        .setProducerId(producer.producerId())
        .setProducerEpoch(producer.producerEpoch())
        .setLastSequence(producer.lastSequence())
        .setLastTimestamp(producer.lastAppendMs())
        .setCoordinatorEpoch(NO_COORDINATOR)
        .setCurrentTxnStartOffset(NO_TRANSACTION);
  }
}
