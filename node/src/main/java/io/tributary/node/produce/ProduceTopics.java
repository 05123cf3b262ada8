package io.tributary.node.produce;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicConfigs;
import io.tributary.actors.cluster.TopicImage;
import io.tributary.actors.cluster.TopicLookup;
import io.tributary.actors.cluster.TopicLookup.LookupOutcome;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/** What a node knows of the topics that producers name. */
public record ProduceTopics(
    Supplier<ClusterImage> image, TopicLookup lookup, TopicConfigs configs) {

  /** By the node's own copy: absence proves nothing. */
  Optional<TopicImage> known(ProducedPartition partition) {
    ClusterImage current = image.get();
    return partition.isById()
        ? current.topic(toUuid(partition.topicId()))
        : current.topic(partition.topic());
  }

  CompletionStage<LookupOutcome> lookup(ProducedPartition partition) {
    CompletionStage<LookupOutcome> outcome =
        partition.isById()
            ? lookup.lookup(toUuid(partition.topicId()))
            : lookup.lookup(partition.topic());
    return outcome.exceptionally(LookupOutcome.Unknown::new);
  }

  BatchRules rules(TopicImage topic, int partition) {
    return BatchRules.of(topic.name() + "-" + partition, configs.of(topic));
  }

  private static UUID toUuid(Uuid id) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
