package io.tributary.node.groups;

import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.actors.group.GroupCaller;
import io.tributary.actors.group.Groups;
import io.tributary.node.groups.TopicLookups.Resolved;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/**
 * Reads committed offsets of one group or, since version 8, of several. Since version 10 topics are
 * named by id on the wire, while groups know their offsets by topic name.
 */
public final class OffsetFetchHandler implements Handler<OffsetFetchRequest, OffsetFetchResponse> {
  private final Groups groups;
  private final TopicLookups topics;

  public OffsetFetchHandler(Groups groups, TopicLookup topics) {
    this.groups = groups;
    this.topics = new TopicLookups(topics);
  }

  @Override
  public CompletionStage<OffsetFetchResponse> handle(
      RequestContext context, OffsetFetchRequest request) {
    Asked asked =
        new Asked(
            Callers.of(context),
            request.requireStable(),
            OffsetFetchRequest.useTopicIds(context.header().apiVersion()));
    CompletionStage<List<OffsetFetchResponseGroup>> answers =
        CompletableFuture.completedFuture(new ArrayList<>());
    for (OffsetFetchRequestGroup group : request.groups()) {
      answers =
          answers.thenCombine(
              fetch(asked, group),
              (all, answer) -> {
                all.add(answer);
                return all;
              });
    }
    return answers.thenApply(
        all -> new OffsetFetchResponse.Builder(all).build(context.header().apiVersion()));
  }

  private CompletionStage<OffsetFetchResponseGroup> fetch(
      Asked asked, OffsetFetchRequestGroup group) {
    if (!asked.byId) {
      return groups.fetchOffsets(asked.caller, group, asked.requireStable);
    }
    return OffsetFetchRequest.requestAllOffsets(group)
        ? fetchAllById(asked, group)
        : fetchById(asked, group);
  }

  private CompletionStage<OffsetFetchResponseGroup> fetchById(
      Asked asked, OffsetFetchRequestGroup group) {
    return topics
        .all(group.topics(), topic -> topics.byId(topic.topicId()))
        .thenCompose(
            found -> {
              if (TopicLookups.isAnyUnknown(found)) {
                return CompletableFuture.completedFuture(asked.notNow(group));
              }
              List<OffsetFetchRequestTopics> existing = new ArrayList<>();
              List<OffsetFetchResponseTopics> absent = new ArrayList<>();
              for (Resolved<OffsetFetchRequestTopics> topic : found) {
                if (topic.outcome() instanceof LookupOutcome.Found(TopicImage image)) {
                  existing.add(topic.element().duplicate().setName(image.name()));
                } else {
                  absent.add(unknownTopicId(topic.element()));
                }
              }
              return groups
                  .fetchOffsets(
                      asked.caller, group.duplicate().setTopics(existing), asked.requireStable)
                  .thenApply(answer -> withAbsent(answer, absent));
            });
  }

  private CompletionStage<OffsetFetchResponseGroup> fetchAllById(
      Asked asked, OffsetFetchRequestGroup group) {
    return groups
        .fetchOffsets(asked.caller, group, asked.requireStable)
        .thenCompose(
            answer ->
                topics
                    .all(answer.topics(), topic -> topics.byName(topic.name()))
                    .thenApply(
                        found ->
                            TopicLookups.isAnyUnknown(found)
                                ? asked.notNow(group)
                                : answer.setTopics(withIds(found))));
  }

  /** Offsets of topics that are gone have no id to be told by. */
  private static List<OffsetFetchResponseTopics> withIds(
      List<Resolved<OffsetFetchResponseTopics>> found) {
    List<OffsetFetchResponseTopics> existing = new ArrayList<>();
    for (Resolved<OffsetFetchResponseTopics> topic : found) {
      if (topic.outcome() instanceof LookupOutcome.Found(TopicImage image)) {
        existing.add(topic.element().duplicate().setTopicId(TopicLookups.uuid(image.id())));
      }
    }
    return existing;
  }

  private static OffsetFetchResponseGroup withAbsent(
      OffsetFetchResponseGroup answer, List<OffsetFetchResponseTopics> absent) {
    if (absent.isEmpty() || answer.errorCode() != Errors.NONE.code()) {
      return answer;
    }
    List<OffsetFetchResponseTopics> all = new ArrayList<>(answer.topics());
    all.addAll(absent);
    return answer.setTopics(all);
  }

  private static OffsetFetchResponseTopics unknownTopicId(OffsetFetchRequestTopics topic) {
    return new OffsetFetchResponseTopics()
        .setTopicId(topic.topicId())
        .setPartitions(
            topic.partitionIndexes().stream()
                .map(
                    partition ->
                        new OffsetFetchResponsePartitions()
                            .setPartitionIndex(partition)
                            .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
                            .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                            .setMetadata(OffsetFetchResponse.NO_METADATA)
                            .setCommittedLeaderEpoch(RecordBatch.NO_PARTITION_LEADER_EPOCH))
                .toList());
  }

  private record Asked(GroupCaller caller, boolean requireStable, boolean byId) {
    OffsetFetchResponseGroup notNow(OffsetFetchRequestGroup group) {
      return OffsetFetchResponse.groupError(
          group, Errors.COORDINATOR_LOAD_IN_PROGRESS, caller.requestVersion());
    }
  }
}
