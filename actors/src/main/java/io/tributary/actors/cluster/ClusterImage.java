package io.tributary.actors.cluster;

import io.tributary.persistence.model.ShardCounts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What one node knows of the cluster, as of one revision of the metadata store. Immutable. What is
 * absent here may exist: ask {@code Topics} before saying so to a client.
 */
public record ClusterImage(
    String clusterId,
    ShardCounts shards,
    Map<String, TopicImage> topicsByName,
    Map<UUID, TopicImage> topicsById,
    List<BrokerImage> brokers,
    long revision) {

  public Optional<TopicImage> topic(String name) {
    return Optional.ofNullable(topicsByName.get(name));
  }

  public Optional<TopicImage> topic(UUID id) {
    return Optional.ofNullable(topicsById.get(id));
  }

  /**
   * A live node, as clients reach it.
   *
   * @param rack the node's zone; empty without one
   */
  public record BrokerImage(int id, String host, int port, String rack) {}
}
