package io.tributary.node.topics;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import io.tributary.node.cluster.AuthorizedOperations;
import io.tributary.node.cluster.PartitionLeaders;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsResponse;
import org.apache.kafka.common.requests.MetadataResponse;
import org.jspecify.annotations.Nullable;

/** DescribeTopicPartitions: topics by name, page by page (KIP-966). */
public final class DescribeTopicPartitionsHandler
    implements Handler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse> {
  /** Kafka's {@code max.request.partition.size.limit}. */
  private static final int PAGE_PARTITIONS_MAX = 2_000;

  private final Supplier<ClusterImage> image;
  private final TopicLookup topics;

  public DescribeTopicPartitionsHandler(Supplier<ClusterImage> image, TopicLookup topics) {
    this.image = image;
    this.topics = topics;
  }

  @Override
  public CompletionStage<DescribeTopicPartitionsResponse> handle(
      RequestContext context, DescribeTopicPartitionsRequest request) {
    DescribeTopicPartitionsRequestData data = request.data();
    boolean all = data.topics().isEmpty();
    String from = data.cursor() == null ? "" : data.cursor().topicName();
    TreeSet<String> names = new TreeSet<>();
    if (all) {
      names.addAll(image.get().topicsByName().keySet());
    } else {
      data.topics().forEach(topic -> names.add(topic.name()));
    }
    refuseMalformed(data, names, all);
    List<String> wanted = List.copyOf(names.tailSet(from));
    int limit = Math.clamp(data.responsePartitionLimit(), 1, PAGE_PARTITIONS_MAX);
    return lookUp(wanted)
        .thenApply(
            found -> {
              Page page = new Page(limit, all);
              page.fill(wanted, found, data.cursor());
              return new DescribeTopicPartitionsResponse(page.response);
            });
  }

  private static void refuseMalformed(
      DescribeTopicPartitionsRequestData data, TreeSet<String> names, boolean all) {
    if (data.cursor() == null) {
      return;
    }
    if (!all && !names.contains(data.cursor().topicName())) {
      throw new InvalidRequestException(
          "DescribeTopicPartitionsRequest topic list should contain the cursor topic: "
              + data.cursor().topicName());
    }
    if (data.cursor().partitionIndex() < 0) {
      throw new InvalidRequestException(
          "DescribeTopicPartitionsRequest cursor partition must be valid: " + data.cursor());
    }
  }

  private CompletionStage<TreeMap<String, LookupOutcome>> lookUp(List<String> names) {
    TreeMap<String, CompletableFuture<LookupOutcome>> lookups = new TreeMap<>();
    names.forEach(name -> lookups.put(name, topics.lookup(name).toCompletableFuture()));
    return CompletableFuture.allOf(lookups.values().toArray(CompletableFuture[]::new))
        .thenApply(
            _ -> {
              TreeMap<String, LookupOutcome> found = new TreeMap<>();
              lookups.forEach((name, lookup) -> found.put(name, lookup.join()));
              return found;
            });
  }

  /** One answer, filled until its limit of partitions. */
  private final class Page {
    private final DescribeTopicPartitionsResponseData response =
        new DescribeTopicPartitionsResponseData();
    private final boolean skipAbsent;
    private int left;

    Page(int limit, boolean skipAbsent) {
      this.left = limit;
      this.skipAbsent = skipAbsent;
    }

    void fill(
        List<String> names,
        TreeMap<String, LookupOutcome> found,
        DescribeTopicPartitionsRequestData.@Nullable Cursor cursor) {
      for (String name : names) {
        if (left == 0) {
          response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
          return;
        }
        int first = cursor != null && cursor.topicName().equals(name) ? cursor.partitionIndex() : 0;
        if (!add(name, found.get(name), first)) {
          return;
        }
      }
    }

    /** Whether the page goes on after the topic. */
    private boolean add(String name, @Nullable LookupOutcome outcome, int first) {
      if (outcome instanceof LookupOutcome.Found(TopicImage topic)) {
        return addFound(topic, first);
      }
      if (!skipAbsent) {
        response
            .topics()
            .add(
                new DescribeTopicPartitionsResponseTopic()
                    .setErrorCode(refusal(name, outcome).code())
                    .setName(name)
                    .setTopicId(Uuid.ZERO_UUID)
                    .setIsInternal(Topic.isInternal(name))
                    .setTopicAuthorizedOperations(AuthorizedOperations.TOPIC));
      }
      return true;
    }

    private static Errors refusal(String name, @Nullable LookupOutcome outcome) {
      try {
        Topic.validate(name);
      } catch (InvalidTopicException _) {
        return Errors.INVALID_TOPIC_EXCEPTION;
      }
      return outcome instanceof LookupOutcome.Absent
          ? Errors.UNKNOWN_TOPIC_OR_PARTITION
          : Errors.REQUEST_TIMED_OUT;
    }

    private boolean addFound(TopicImage topic, int first) {
      int end = (int) Math.min(topic.partitions(), (long) first + left);
      List<DescribeTopicPartitionsResponsePartition> partitions =
          IntStream.range(first, end).mapToObj(index -> partition(topic, index)).toList();
      response
          .topics()
          .add(
              new DescribeTopicPartitionsResponseTopic()
                  .setErrorCode(Errors.NONE.code())
                  .setName(topic.name())
                  .setTopicId(TopicIds.toKafka(topic.id()))
                  .setIsInternal(Topic.isInternal(topic.name()))
                  .setPartitions(new ArrayList<>(partitions))
                  .setTopicAuthorizedOperations(AuthorizedOperations.TOPIC));
      left -= partitions.size();
      if (end < topic.partitions()) {
        response.setNextCursor(new Cursor().setTopicName(topic.name()).setPartitionIndex(end));
        return false;
      }
      return true;
    }

    private DescribeTopicPartitionsResponsePartition partition(TopicImage topic, int index) {
      return PartitionLeaders.leader(image.get(), topic.partition(index))
          .map(
              leader ->
                  new DescribeTopicPartitionsResponsePartition()
                      .setErrorCode(Errors.NONE.code())
                      .setLeaderId(leader.id())
                      .setReplicaNodes(List.of(leader.id()))
                      .setIsrNodes(List.of(leader.id())))
          .orElseGet(
              () ->
                  new DescribeTopicPartitionsResponsePartition()
                      .setErrorCode(Errors.LEADER_NOT_AVAILABLE.code())
                      .setLeaderId(MetadataResponse.NO_LEADER_ID))
          .setPartitionIndex(index)
          .setLeaderEpoch(PartitionLeaders.LEADER_EPOCH)
          .setEligibleLeaderReplicas(List.of())
          .setLastKnownElr(List.of())
          .setOfflineReplicas(List.of());
    }
  }
}
