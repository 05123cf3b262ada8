package io.tributary.actors.group;

import com.yammer.metrics.core.MetricsRegistry;
import io.tributary.actors.cluster.ClusterImage;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/**
 * What all group shards of a node share.
 *
 * @param image the newest cluster image; called from every shard's loop
 * @param background runs what takes long and touches no state: regular expressions over all topic
 *     names, assignments of large groups
 */
public record GroupEnvironment(
    GroupCoordinatorConfig config,
    ShareGroupConfig shareConfig,
    GroupCoordinatorMetrics metrics,
    Supplier<ClusterImage> image,
    Executor background) {

  /**
   * @param settings Kafka's broker settings of group coordinators ({@code
   *     group.initial.rebalance.delay.ms}, {@code offsets.retention.minutes}, …); what is not set
   *     has Kafka's default
   */
  public static GroupEnvironment of(
      Map<String, String> settings, Supplier<ClusterImage> image, Executor background) {
    return new GroupEnvironment(
        GroupCoordinatorConfig.fromProps(settings),
        ShareGroupConfig.fromProps(settings),
        new GroupCoordinatorMetrics(new MetricsRegistry(), new Metrics()),
        image,
        background);
  }
}
