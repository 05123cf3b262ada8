package io.tributary.node.groups;

import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.actors.group.Groups;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;

/**
 * Commits offsets. Partitions that do not exist are refused here, one by one; the others go to the
 * group.
 */
public final class OffsetCommitHandler
    implements Handler<OffsetCommitRequest, OffsetCommitResponse> {
  private final Groups groups;
  private final TopicLookups topics;

  public OffsetCommitHandler(Groups groups, TopicLookup topics) {
    this.groups = groups;
    this.topics = new TopicLookups(topics);
  }

  @Override
  public CompletionStage<OffsetCommitResponse> handle(
      RequestContext context, OffsetCommitRequest request) {
    OffsetCommitRequestData data = request.data();
    boolean byId = OffsetCommitResponse.useTopicIds(context.header().apiVersion());
    return topics
        .all(
            data.topics(),
            topic -> byId ? topics.byId(topic.topicId()) : topics.byName(topic.name()))
        .thenCompose(
            found -> {
              Checked checked = new Checked(byId);
              found.forEach(topic -> checked.add(topic.element(), topic.outcome()));
              return commit(context, data, checked);
            });
  }

  private CompletionStage<OffsetCommitResponse> commit(
      RequestContext context, OffsetCommitRequestData data, Checked checked) {
    if (checked.existing.isEmpty()) {
      return CompletableFuture.completedFuture(checked.refusals.build());
    }
    // A copy: the request belongs to the connection.
    OffsetCommitRequestData existing = data.duplicate().setTopics(checked.existing);
    return groups
        .commitOffsets(Callers.of(context), existing)
        .thenApply(answer -> checked.refusals.merge(answer).build());
  }

  /** A request's topics, parted into those that exist and refusals of the others. */
  private static final class Checked {
    private final boolean byId;
    private final OffsetCommitResponse.Builder refusals;
    private final List<OffsetCommitRequestTopic> existing = new ArrayList<>();

    Checked(boolean byId) {
      this.byId = byId;
      this.refusals = OffsetCommitResponse.newBuilder(byId);
    }

    void add(OffsetCommitRequestTopic topic, LookupOutcome outcome) {
      switch (outcome) {
        case LookupOutcome.Found(TopicImage found) -> addExisting(topic, found);
        case LookupOutcome.Absent _ ->
            refuse(topic, byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
        // Retried at this broker: looking for another coordinator would not help.
        case LookupOutcome.Unknown _ -> refuse(topic, Errors.COORDINATOR_LOAD_IN_PROGRESS);
      }
    }

    private void addExisting(OffsetCommitRequestTopic topic, TopicImage found) {
      List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
      for (OffsetCommitRequestPartition partition : topic.partitions()) {
        if (found.has(partition.partitionIndex())) {
          partitions.add(partition);
        } else {
          refusals.addPartition(
              topic.topicId(),
              found.name(),
              partition.partitionIndex(),
              Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
      }
      if (!partitions.isEmpty()) {
        existing.add(
            new OffsetCommitRequestTopic()
                .setTopicId(TopicLookups.uuid(found.id()))
                .setName(found.name())
                .setPartitions(partitions));
      }
    }

    private void refuse(OffsetCommitRequestTopic topic, Errors error) {
      refusals.addPartitions(
          topic.topicId(),
          topic.name(),
          topic.partitions(),
          OffsetCommitRequestPartition::partitionIndex,
          error);
    }
  }
}
