package io.tributary.node.groups;

import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.actors.group.Groups;
import io.tributary.node.groups.TopicLookups.Resolved;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetDeleteResponse;

/** Deletes committed offsets of partitions that the group does not subscribe to. */
public final class OffsetDeleteHandler
    implements Handler<OffsetDeleteRequest, OffsetDeleteResponse> {
  private final Groups groups;
  private final TopicLookups topics;

  public OffsetDeleteHandler(Groups groups, TopicLookup topics) {
    this.groups = groups;
    this.topics = new TopicLookups(topics);
  }

  @Override
  public CompletionStage<OffsetDeleteResponse> handle(
      RequestContext context, OffsetDeleteRequest request) {
    List<OffsetDeleteRequestTopic> asked = new ArrayList<>(request.data().topics());
    return topics
        .all(asked, topic -> topics.byName(topic.name()))
        .thenCompose(
            found ->
                TopicLookups.isAnyUnknown(found)
                    ? CompletableFuture.completedFuture(notNow())
                    : delete(context, request.data().groupId(), found));
  }

  private CompletionStage<OffsetDeleteResponse> delete(
      RequestContext context, String groupId, List<Resolved<OffsetDeleteRequestTopic>> found) {
    OffsetDeleteResponse.Builder answer = new OffsetDeleteResponse.Builder();
    OffsetDeleteRequestTopicCollection existing = new OffsetDeleteRequestTopicCollection();
    for (Resolved<OffsetDeleteRequestTopic> one : found) {
      OffsetDeleteRequestTopic topic = one.element();
      List<OffsetDeleteRequestPartition> partitions = new ArrayList<>();
      for (OffsetDeleteRequestPartition partition : topic.partitions()) {
        if (one.outcome() instanceof LookupOutcome.Found(TopicImage image)
            && image.has(partition.partitionIndex())) {
          partitions.add(partition);
        } else {
          answer.addPartition(
              topic.name(), partition.partitionIndex(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
      }
      if (!partitions.isEmpty()) {
        existing.add(
            new OffsetDeleteRequestTopic().setName(topic.name()).setPartitions(partitions));
      }
    }
    return groups
        .deleteOffsets(
            Callers.of(context),
            new OffsetDeleteRequestData().setGroupId(groupId).setTopics(existing))
        .thenApply(deleted -> answer.merge(deleted).build());
  }

  private static OffsetDeleteResponse notNow() {
    return new OffsetDeleteResponse(
        new OffsetDeleteResponseData().setErrorCode(Errors.COORDINATOR_LOAD_IN_PROGRESS.code()));
  }
}
