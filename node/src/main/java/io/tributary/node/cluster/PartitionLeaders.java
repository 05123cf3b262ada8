package io.tributary.node.cluster;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.ClusterImage.BrokerImage;
import io.tributary.persistence.model.PartitionId;
import java.util.List;
import java.util.Optional;

/**
 * Which live node clients are told to be a partition's leader. Any node takes any write and serves
 * any read, so this only spreads the load: every node names the same one, as long as all see the
 * same nodes.
 */
public final class PartitionLeaders {
  /**
   * The leader epoch that clients see: unknown, so that none of them fences another node's answer.
   */
  public static final int LEADER_EPOCH = -1;

  private PartitionLeaders() {}

  /** Empty while no node is known to be live. */
  public static Optional<BrokerImage> leader(ClusterImage image, PartitionId partition) {
    List<BrokerImage> brokers = image.brokers();
    return brokers.isEmpty()
        ? Optional.empty()
        : Optional.of(brokers.get(image.shards().shardOf(partition).index() % brokers.size()));
  }

  /** The node that is named as the controller: each node can do what a controller does. */
  public static int controllerId(ClusterImage image) {
    return image.brokers().stream().mapToInt(BrokerImage::id).min().orElse(-1);
  }
}
