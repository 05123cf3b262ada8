package io.tributary.node.topics;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.ClusterImage.BrokerImage;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.node.cluster.AuthorizedOperations;
import io.tributary.node.cluster.PartitionLeaders;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.jspecify.annotations.Nullable;

/**
 * Metadata, from the node's cluster image. Topics that the image does not have are looked up, and
 * created when the client and the cluster allow it, before the answer.
 */
public final class MetadataHandler implements Handler<MetadataRequest, MetadataResponse> {
  private static final short TOPIC_IDS_FROM_VERSION = 12;

  private final Supplier<ClusterImage> image;
  private final TopicCreator creator;

  public MetadataHandler(Supplier<ClusterImage> image, TopicCreator creator) {
    this.image = image;
    this.creator = creator;
  }

  @Override
  public CompletionStage<MetadataResponse> handle(RequestContext context, MetadataRequest request) {
    if (request.isAllTopics()) {
      ClusterImage now = image.get();
      List<MetadataResponseTopic> topics =
          now.topicsByName().values().stream()
              .sorted(Comparator.comparing(TopicImage::name))
              .map(topic -> described(now, topic))
              .toList();
      return CompletableFuture.completedFuture(answer(request, topics));
    }
    refuseMalformed(request);
    List<CompletableFuture<MetadataResponseTopic>> topics = new ArrayList<>();
    for (MetadataRequestTopic topic : new LinkedHashSet<>(request.data().topics())) {
      topics.add(
          topic.topicId().equals(Uuid.ZERO_UUID)
              ? byName(topic.name(), request.allowAutoTopicCreation())
              : byId(topic.topicId()));
    }
    return CompletableFuture.allOf(topics.toArray(CompletableFuture[]::new))
        .thenApply(_ -> answer(request, topics.stream().map(CompletableFuture::join).toList()));
  }

  private static void refuseMalformed(MetadataRequest request) {
    short version = request.version();
    for (MetadataRequestTopic topic : request.data().topics()) {
      boolean byId = !topic.topicId().equals(Uuid.ZERO_UUID);
      if (topic.name() == null && (version < TOPIC_IDS_FROM_VERSION || !byId)) {
        throw new InvalidRequestException("Topic name can not be null for version " + version);
      }
      if (byId && version < TOPIC_IDS_FROM_VERSION) {
        throw new InvalidRequestException(
            "Topic IDs are not supported in requests for version " + version);
      }
    }
  }

  private CompletableFuture<MetadataResponseTopic> byName(String name, boolean mayCreate) {
    if (!isValid(name)) {
      return CompletableFuture.completedFuture(
          failed(name, Uuid.ZERO_UUID, Errors.INVALID_TOPIC_EXCEPTION));
    }
    return (mayCreate ? creator.lookupOrCreate(name) : creator.topics().lookup(name))
        .thenApply(outcome -> described(outcome, name, Uuid.ZERO_UUID))
        .toCompletableFuture();
  }

  private CompletableFuture<MetadataResponseTopic> byId(Uuid id) {
    return creator
        .topics()
        .lookup(TopicIds.fromKafka(id))
        .thenApply(outcome -> described(outcome, null, id))
        .toCompletableFuture();
  }

  private static boolean isValid(String name) {
    try {
      Topic.validate(name);
      return true;
    } catch (InvalidTopicException _) {
      return false;
    }
  }

  private MetadataResponseTopic described(LookupOutcome outcome, @Nullable String name, Uuid id) {
    return switch (outcome) {
      case LookupOutcome.Found(TopicImage topic) -> described(image.get(), topic);
      case LookupOutcome.Absent _ ->
          failed(
              name, id, name == null ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
      // The metadata store is away: clients retry this one, and do not take it for absence.
      case LookupOutcome.Unknown _ -> failed(name, id, Errors.LEADER_NOT_AVAILABLE);
    };
  }

  private static MetadataResponseTopic failed(@Nullable String name, Uuid id, Errors error) {
    return new MetadataResponseTopic()
        .setErrorCode(error.code())
        .setName(name)
        .setTopicId(id)
        .setIsInternal(name != null && Topic.isInternal(name));
  }

  private static MetadataResponseTopic described(ClusterImage image, TopicImage topic) {
    return new MetadataResponseTopic()
        .setErrorCode(Errors.NONE.code())
        .setName(topic.name())
        .setTopicId(TopicIds.toKafka(topic.id()))
        .setIsInternal(Topic.isInternal(topic.name()))
        .setPartitions(
            IntStream.range(0, topic.partitions())
                .mapToObj(index -> partition(image, topic, index))
                .toList());
  }

  private static MetadataResponsePartition partition(
      ClusterImage image, TopicImage topic, int index) {
    return PartitionLeaders.leader(image, topic.partition(index))
        .map(
            leader ->
                new MetadataResponsePartition()
                    .setErrorCode(Errors.NONE.code())
                    .setLeaderId(leader.id())
                    .setReplicaNodes(List.of(leader.id()))
                    .setIsrNodes(List.of(leader.id())))
        .orElseGet(
            () ->
                new MetadataResponsePartition()
                    .setErrorCode(Errors.LEADER_NOT_AVAILABLE.code())
                    .setLeaderId(MetadataResponse.NO_LEADER_ID))
        .setPartitionIndex(index)
        .setLeaderEpoch(PartitionLeaders.LEADER_EPOCH);
  }

  private MetadataResponse answer(MetadataRequest request, List<MetadataResponseTopic> topics) {
    ClusterImage now = image.get();
    MetadataResponseData data =
        new MetadataResponseData()
            .setClusterId(now.clusterId())
            .setControllerId(PartitionLeaders.controllerId(now));
    now.brokers().forEach(broker -> data.brokers().add(responseBroker(broker)));
    topics.forEach(
        topic -> {
          if (request.data().includeTopicAuthorizedOperations()
              && topic.errorCode() == Errors.NONE.code()) {
            topic.setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
          }
          data.topics().add(topic);
        });
    if (request.data().includeClusterAuthorizedOperations()) {
      data.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
    }
    return new MetadataResponse(data, request.version());
  }

  private static MetadataResponseBroker responseBroker(BrokerImage broker) {
    return new MetadataResponseBroker()
        .setNodeId(broker.id())
        .setHost(broker.host())
        .setPort(broker.port())
        .setRack(broker.rack().isEmpty() ? null : broker.rack());
  }
}
