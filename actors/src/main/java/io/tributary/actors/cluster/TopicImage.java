package io.tributary.actors.cluster;

import io.tributary.persistence.model.PartitionId;
import java.util.Map;
import java.util.UUID;

/**
 * One topic as the cluster's metadata has it.
 *
 * @param id the topic's identity; a topic deleted and created again has another
 * @param overrides the topic configs set by clients; what is not set has the cluster's default
 * @param version of the topic's key in the metadata store: what a change compares
 */
public record TopicImage(
    String name, UUID id, int partitions, Map<String, String> overrides, long version) {
  public TopicImage {
    overrides = Map.copyOf(overrides);
  }

  public boolean has(int partition) {
    return partition >= 0 && partition < partitions;
  }

  public PartitionId partition(int index) {
    return new PartitionId(id, index);
  }
}
