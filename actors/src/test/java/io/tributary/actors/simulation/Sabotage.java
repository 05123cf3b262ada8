package io.tributary.actors.simulation;

import io.tributary.actors.partition.PartitionRequest;
import io.tributary.actors.shard.ServingRight;
import io.tributary.actors.shard.ShardLogicFactory;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.objects.ObjectStore;
import java.util.SplittableRandom;

/**
 * Where a bug can be planted into a node: at the ports of the production classes. Each method gets
 * what a sound node works with, and gives what the sabotaged one works with.
 */
interface Sabotage {
  /** A sound node. */
  Sabotage NONE = new Sabotage() {};

  default MetadataStore metadata(MetadataStore sound, Surroundings surroundings) {
    return sound;
  }

  default ObjectStore objects(ObjectStore sound, Surroundings surroundings) {
    return sound;
  }

  default ShardRouter router(ShardRouter sound, Surroundings surroundings) {
    return sound;
  }

  default ShardLogicFactory<PartitionRequest<?>, Object> logic(
      ShardLogicFactory<PartitionRequest<?>, Object> sound, Surroundings surroundings) {
    return sound;
  }

  default ServingRight right(ServingRight sound) {
    return sound;
  }

  /** What a bug may need to be planted. */
  record Surroundings(
      Timeline time, SimulatedProcess process, SharedStores stores, SplittableRandom random) {}
}
