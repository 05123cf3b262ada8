package io.tributary.actors.cluster;

import io.tributary.persistence.model.PartitionId;
import java.util.UUID;

/**
 * A topic that is being deleted: what stands at {@code tombstone/<topic id>} until every partition
 * and group shard has journaled the deletion.
 */
public record DeletedTopic(String name, UUID id, int partitions) {
  public PartitionId partition(int index) {
    return new PartitionId(id, index);
  }
}
