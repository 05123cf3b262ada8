package io.tributary.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.actors.cluster.ConfigsImage.StoredConfigs;
import io.tributary.persistence.model.ShardCounts;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;

class TopicConfigsTest {
  private ClusterImage image = ClusterImage.empty("c", ShardCounts.DEFAULT);
  private final TopicConfigs configs =
      new TopicConfigs(() -> image, 1, Map.of("log.retention.hours", "2"));

  @Test
  void aTopicWithoutConfigsHasKafkasDefaults() {
    assertThat(configs.of(topic(Map.of())).segmentMs).isEqualTo(LogConfig.DEFAULT_SEGMENT_MS);
  }

  @Test
  void theMostSpecificConfigHolds() {
    assertThat(configs.of(topic(Map.of())).retentionMs).isEqualTo(7_200_000);

    brokerConfigs(Map.of("log.retention.ms", "30"), Map.of());
    assertThat(configs.of(topic(Map.of())).retentionMs).isEqualTo(30);

    brokerConfigs(Map.of("log.retention.ms", "30"), Map.of("log.retention.ms", "20"));
    assertThat(configs.of(topic(Map.of())).retentionMs).isEqualTo(20);

    assertThat(configs.of(topic(Map.of("retention.ms", "10"))).retentionMs).isEqualTo(10);
  }

  @Test
  void equalOverridesAreParsedOnce() {
    LogConfig first = configs.of(topic(Map.of("retention.ms", "10")));

    assertThat(configs.of(topic(Map.of("retention.ms", "10")))).isSameAs(first);
    assertThat(configs.of(topic(Map.of()))).isSameAs(configs.defaults());
  }

  private void brokerConfigs(Map<String, String> everyBroker, Map<String, String> broker) {
    image =
        new ClusterImage(
            image.clusterId(),
            image.shards(),
            image.topicsByName(),
            image.topicsById(),
            image.brokers(),
            new ConfigsImage(
                new StoredConfigs(everyBroker, 1),
                Map.of(1, new StoredConfigs(broker, 1)),
                Map.of()),
            image.tombstones(),
            image.revision() + 1);
  }

  private static TopicImage topic(Map<String, String> overrides) {
    return new TopicImage("orders", new UUID(1, 2), 1, overrides, 1);
  }
}
