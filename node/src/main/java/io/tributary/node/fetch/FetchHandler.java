package io.tributary.node.fetch;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.view.LogReader;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.FetchContext;

/**
 * Answers Fetch, versions 4 to 18: resolves the session and its partitions, then leaves the reading
 * and the waiting to a {@link FetchRound}.
 */
public final class FetchHandler implements Handler<FetchRequest, FetchResponse> {
  private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;

  private final Supplier<ClusterImage> image;
  private final TopicLookup topics;
  private final LogReader reader;
  private final FetchSettings settings;
  private final FetchSessions sessions;

  public FetchHandler(
      Supplier<ClusterImage> image, TopicLookup topics, LogReader reader, FetchSettings settings) {
    this.image = image;
    this.topics = topics;
    this.reader = reader;
    this.settings = settings;
    this.sessions = new FetchSessions(settings.sessionsMax(), Time.SYSTEM);
  }

  @Override
  public CompletionStage<FetchResponse> handle(RequestContext context, FetchRequest request) {
    if (FetchRequest.isConsumer(request.replicaId())) {
      return known(request)
          .map(
              lookups ->
                  lookups
                      .handleAsync((_, _) -> (Void) null, context.eventLoop())
                      .thenCompose(_ -> fetch(context, request)))
          .orElseGet(() -> fetch(context, request));
    }
    // Nodes do not replicate from each other: whoever says it is a replica is in the wrong cluster.
    return CompletableFuture.completedFuture(
        (FetchResponse) request.getErrorResponse(Errors.INVALID_REQUEST.exception()));
  }

  /**
   * Absence in the image proves nothing: topics it does not know are looked up first, which also
   * brings a new one into the image. Empty when there are none, as nearly always.
   */
  private Optional<CompletionStage<?>> known(FetchRequest request) {
    ClusterImage now = image.get();
    List<CompletableFuture<?>> lookups = new ArrayList<>(0);
    for (FetchTopic topic : request.data().topics()) {
      if (request.version() < FIRST_VERSION_WITH_TOPIC_IDS) {
        if (now.topic(topic.topic()).isEmpty()) {
          lookups.add(topics.lookup(topic.topic()).toCompletableFuture());
        }
      } else if (now.topic(TopicNames.javaId(topic.topicId())).isEmpty()) {
        lookups.add(topics.lookup(TopicNames.javaId(topic.topicId())).toCompletableFuture());
      }
    }
    return lookups.isEmpty()
        ? Optional.empty()
        : Optional.of(CompletableFuture.allOf(lookups.toArray(CompletableFuture[]::new)));
  }

  private CompletionStage<FetchResponse> fetch(RequestContext context, FetchRequest request) {
    ClusterImage now = image.get();
    FetchContext session = sessions.contextOf(request, new TopicNames(now));
    List<FetchedPartition> readable = new ArrayList<>();
    LinkedHashMap<TopicIdPartition, PartitionData> refused = new LinkedHashMap<>(0);
    session.foreachPartition(
        (partition, wanted) -> {
          Errors error = errorOf(now, partition);
          if (error == Errors.NONE) {
            TopicImage topic = now.topic(partition.topic()).orElseThrow();
            readable.add(
                new FetchedPartition(
                    partition,
                    topic.partition(partition.partition()),
                    wanted.fetchOffset,
                    wanted.maxBytes));
          } else {
            refused.put(partition, FetchedPartition.refusal(partition, error));
          }
        });
    FetchRound round = new FetchRound(reader, settings, context, request);
    return round
        .answers(readable)
        .thenApply(
            answers -> {
              answers.putAll(refused);
              return session.updateAndGenerateResponseData(answers, List.of());
            });
  }

  private static Errors errorOf(ClusterImage image, TopicIdPartition partition) {
    if (partition.topic() == null) {
      return Errors.UNKNOWN_TOPIC_ID;
    }
    Optional<TopicImage> topic = image.topic(partition.topic());
    if (topic.isEmpty() || !topic.get().has(partition.partition())) {
      return Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
    boolean sameTopic =
        partition.topicId().equals(Uuid.ZERO_UUID)
            || TopicNames.javaId(partition.topicId()).equals(topic.get().id());
    return sameTopic ? Errors.NONE : Errors.INCONSISTENT_TOPIC_ID;
  }
}
