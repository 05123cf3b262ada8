package io.tributary.node.fetch;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.partition.PartitionRequest.DescribeSizes;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ShardId;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;

/**
 * Answers DescribeLogDirs, versions 1 to 5: one directory, the object store, with the sizes of the
 * partitions that this node is the leader of to clients, so that the sum over the brokers is what
 * is stored.
 */
public final class DescribeLogDirsHandler
    implements Handler<DescribeLogDirsRequest, DescribeLogDirsResponse> {
  private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);

  private final Supplier<ClusterImage> image;
  private final Predicate<PartitionId> isLedHere;
  private final ShardRouter router;
  private final Supplier<LogVolume> volume;

  public DescribeLogDirsHandler(
      Supplier<ClusterImage> image,
      Predicate<PartitionId> isLedHere,
      ShardRouter router,
      Supplier<LogVolume> volume) {
    this.image = image;
    this.isLedHere = isLedHere;
    this.router = router;
    this.volume = volume;
  }

  @Override
  public CompletionStage<DescribeLogDirsResponse> handle(
      RequestContext context, DescribeLogDirsRequest request) {
    ClusterImage now = image.get();
    Map<String, List<PartitionId>> wanted = new HashMap<>();
    asked(now, request)
        .forEach(
            (topic, partitions) -> {
              List<PartitionId> led = partitions.stream().filter(isLedHere).toList();
              if (!led.isEmpty()) {
                wanted.put(topic, led);
              }
            });
    return sizes(now, wanted.values())
        .thenApply(
            sizes ->
                new DescribeLogDirsResponse(
                    new DescribeLogDirsResponseData()
                        .setResults(List.of(describe(wanted, sizes)))));
  }

  private static Map<String, List<PartitionId>> asked(
      ClusterImage image, DescribeLogDirsRequest request) {
    Map<String, List<PartitionId>> asked = new HashMap<>();
    if (request.isAllTopicPartitions()) {
      image
          .topicsByName()
          .values()
          .forEach(
              topic ->
                  asked.put(
                      topic.name(),
                      IntStream.range(0, topic.partitions()).mapToObj(topic::partition).toList()));
      return asked;
    }
    request
        .data()
        .topics()
        .forEach(
            wanted -> {
              Optional<TopicImage> topic = image.topic(wanted.topic());
              topic.ifPresent(
                  known ->
                      asked.put(
                          known.name(),
                          wanted.partitions().stream()
                              .filter(known::has)
                              .map(known::partition)
                              .toList()));
            });
    return asked;
  }

  /** By partition; empty when a shard gave no answer, for a part of the truth is not the truth. */
  private CompletionStage<Optional<Map<PartitionId, Long>>> sizes(
      ClusterImage image, Collection<List<PartitionId>> wanted) {
    List<ShardId> shards =
        wanted.stream()
            .flatMap(List::stream)
            .map(partition -> image.shards().shardOf(partition))
            .distinct()
            .toList();
    return EachPartition.all(
            shards.stream()
                .map(shard -> router.ask(shard, new DescribeSizes(), ASK_TIMEOUT))
                .toList())
        .handle(
            (answers, failure) ->
                failure == null
                    ? Optional.of(
                        answers.stream()
                            .flatMap(sizes -> sizes.bytesByPartition().entrySet().stream())
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                    : Optional.empty());
  }

  private DescribeLogDirsResult describe(
      Map<String, List<PartitionId>> wanted, Optional<Map<PartitionId, Long>> sizes) {
    LogVolume now = volume.get();
    DescribeLogDirsResult directory = new DescribeLogDirsResult().setLogDir(now.name());
    if (sizes.isEmpty()) {
      return directory.setErrorCode(Errors.REQUEST_TIMED_OUT.code());
    }
    List<DescribeLogDirsTopic> topics = new ArrayList<>();
    wanted.forEach(
        (topic, partitions) ->
            topics.add(
                new DescribeLogDirsTopic()
                    .setName(topic)
                    .setPartitions(
                        partitions.stream()
                            .map(partition -> describe(partition, sizes.get()))
                            .toList())));
    return directory
        .setTopics(topics)
        .setTotalBytes(now.totalBytes())
        .setUsableBytes(now.usableBytes());
  }

  private static DescribeLogDirsPartition describe(
      PartitionId partition, Map<PartitionId, Long> sizes) {
    return new DescribeLogDirsPartition()
        .setPartitionIndex(partition.partition())
        .setPartitionSize(sizes.getOrDefault(partition, 0L))
        .setOffsetLag(0)
        .setIsFutureKey(false);
  }
}
