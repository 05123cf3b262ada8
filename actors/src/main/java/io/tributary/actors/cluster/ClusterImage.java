package io.tributary.actors.cluster;

import io.tributary.persistence.model.ShardCounts;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What one node knows of the cluster, as of one revision of the metadata store. Immutable. What is
 * absent here may exist: ask {@link TopicLookup} before saying so to a client.
 *
 * @param brokers the live nodes, ascending by id
 * @param tombstones topics that are being deleted: their names are not free yet
 * @param revision every write of the metadata store up to this revision is in the image
 */
public record ClusterImage(
    String clusterId,
    ShardCounts shards,
    Map<String, TopicImage> topicsByName,
    Map<UUID, TopicImage> topicsById,
    List<BrokerImage> brokers,
    ConfigsImage configs,
    Map<UUID, DeletedTopic> tombstones,
    long revision) {

  /** A cluster without topics: what a node knows before its first read. */
  public static ClusterImage empty(String clusterId, ShardCounts shards) {
    return new ClusterImage(
        clusterId, shards, Map.of(), Map.of(), List.of(), ConfigsImage.EMPTY, Map.of(), 0);
  }

  public Optional<TopicImage> topic(String name) {
    return Optional.ofNullable(topicsByName.get(name));
  }

  public Optional<TopicImage> topic(UUID id) {
    return Optional.ofNullable(topicsById.get(id));
  }

  public Optional<BrokerImage> broker(int id) {
    return brokers.stream().filter(broker -> broker.id() == id).findFirst();
  }

  /** This image with {@code topic} added or replaced. */
  public ClusterImage with(TopicImage topic) {
    Map<String, TopicImage> byName = new HashMap<>(topicsByName);
    Map<UUID, TopicImage> byId = new HashMap<>(topicsById);
    TopicImage replaced = byName.put(topic.name(), topic);
    if (replaced != null) {
      byId.remove(replaced.id());
    }
    byId.put(topic.id(), topic);
    return new ClusterImage(
        clusterId,
        shards,
        Map.copyOf(byName),
        Map.copyOf(byId),
        brokers,
        configs,
        tombstones,
        revision);
  }

  /** This image with these live nodes. */
  public ClusterImage with(List<BrokerImage> live) {
    return new ClusterImage(
        clusterId,
        shards,
        topicsByName,
        topicsById,
        live.stream().sorted(Comparator.comparingInt(BrokerImage::id)).toList(),
        configs,
        tombstones,
        revision);
  }

  /**
   * A live node, as clients reach it.
   *
   * @param rack the node's zone; empty without one
   */
  public record BrokerImage(int id, String host, int port, String rack) {}
}
