package io.tributary.node.cluster;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicConfigs;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.server.config.ServerLogConfigs;

/**
 * The broker configs of this node, by Kafka's names: this broker's dynamic ones, else the cluster's
 * dynamic ones, else those it was started with, else Kafka's defaults.
 */
public final class BrokerConfigs {
  private static final Map<String, String> DEFAULTS = BrokerDefinitions.defaults();

  private final Supplier<ClusterImage> image;
  private final int brokerId;
  private final Map<String, String> startConfigs;
  private final TopicConfigs topicConfigs;
  private final TopicConfigRules topicRules;

  /**
   * @param startConfigs broker configs the node was started with
   * @throws IllegalArgumentException for one that is not a broker config, or has a wrong value
   */
  public BrokerConfigs(
      Supplier<ClusterImage> image, int brokerId, Map<String, String> startConfigs) {
    startConfigs.forEach(BrokerConfigs::check);
    this.image = image;
    this.brokerId = brokerId;
    Map<String, String> all = new HashMap<>(startConfigs);
    all.put(BrokerDefinitions.NODE_ID, Integer.toString(brokerId));
    all.put("broker.id", Integer.toString(brokerId));
    this.startConfigs = Map.copyOf(all);
    this.topicConfigs = new TopicConfigs(image, brokerId, this.startConfigs);
    this.topicRules = new TopicConfigRules(topicConfigs);
  }

  private static void check(String name, String value) {
    if (!BrokerDefinitions.ALL.names().contains(name)) {
      throw new IllegalArgumentException("'" + name + "' is not a broker config");
    }
    try {
      BrokerDefinitions.parse(name, value);
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** The configs in force for topics on this node. */
  public TopicConfigs topicConfigs() {
    return topicConfigs;
  }

  public TopicConfigRules topicRules() {
    return topicRules;
  }

  public boolean autoCreatesTopics() {
    return Boolean.parseBoolean(value(ServerLogConfigs.AUTO_CREATE_TOPICS_ENABLE_CONFIG));
  }

  public int partitionsDefault() {
    return Integer.parseInt(value(ServerLogConfigs.NUM_PARTITIONS_CONFIG));
  }

  int brokerId() {
    return brokerId;
  }

  Map<String, String> startConfigs() {
    return startConfigs;
  }

  Map<String, String> dynamic() {
    return image.get().configs().broker(brokerId).values();
  }

  Map<String, String> dynamicDefaults() {
    return image.get().configs().clusterDefault().values();
  }

  private String value(String name) {
    String set = topicConfigs.brokerConfigs().get(name);
    return set == null ? DEFAULTS.getOrDefault(name, "") : set;
  }
}
