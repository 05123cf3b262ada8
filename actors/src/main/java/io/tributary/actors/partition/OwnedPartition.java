package io.tributary.actors.partition;

import io.tributary.actors.partition.model.PartitionLog;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionId;
import java.util.List;

/**
 * One partition of an owned shard: its actor decides on the actor's loop, its log (index and
 * watermarks) stands on the shard's, so that feeds and checkpoints see all partitions at one point.
 */
record OwnedPartition(PartitionId id, PartitionActor actor, PartitionLog log) {
  static PartitionUpdate.Snapshot snapshot(PartitionId id, PartitionLog log) {
    return new PartitionUpdate.Snapshot(
        id, log.logStartOffset(), log.highWatermark(), log.paged(), log.committed());
  }

  PartitionUpdate.Committed committed(List<IndexEntry> entries) {
    return new PartitionUpdate.Committed(id, log.logStartOffset(), log.highWatermark(), entries);
  }
}
