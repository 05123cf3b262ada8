package io.tributary.actors.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.server.config.ConfigSynonym;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * The configs that hold for a topic: its own, else this broker's dynamic ones, else the cluster's
 * dynamic ones, else those the node was started with, else Kafka's defaults. Parsed once for each
 * different set of overrides, so asking again costs a map lookup. Callable from any thread.
 */
public final class TopicConfigs {
  private static final int PARSED_MAX = 10_000;

  private final Supplier<ClusterImage> image;
  private final int brokerId;
  private final Map<String, String> startConfigs;
  private volatile Parsed parsed;

  /**
   * @param startConfigs broker configs the node was started with, by their broker names ({@code
   *     log.retention.ms}, {@code message.max.bytes}, …)
   */
  public TopicConfigs(
      Supplier<ClusterImage> image, int brokerId, Map<String, String> startConfigs) {
    this.image = image;
    this.brokerId = brokerId;
    this.startConfigs = Map.copyOf(startConfigs);
    this.parsed = parse(image.get().configs());
  }

  public LogConfig of(TopicImage topic) {
    return current().of(topic.overrides());
  }

  /** What holds for a topic without configs of its own. */
  public LogConfig defaults() {
    return current().of(Map.of());
  }

  /**
   * The broker configs in force on this node, by their broker names; Kafka's defaults are not in.
   */
  public Map<String, String> brokerConfigs() {
    return current().brokerConfigs;
  }

  private Parsed current() {
    ConfigsImage configs = image.get().configs();
    Parsed known = parsed;
    if (known.source == configs) {
      return known;
    }
    Parsed fresh = parse(configs);
    parsed = fresh;
    return fresh;
  }

  private Parsed parse(ConfigsImage configs) {
    Map<String, String> brokerConfigs = new HashMap<>(startConfigs);
    brokerConfigs.putAll(configs.clusterDefault().values());
    brokerConfigs.putAll(configs.broker(brokerId).values());
    return new Parsed(configs, Map.copyOf(brokerConfigs), topicDefaults(brokerConfigs));
  }

  /** Broker configs by the names they have as topic configs. */
  public static Map<String, String> topicDefaults(Map<String, String> brokerConfigs) {
    Map<String, String> defaults = new HashMap<>();
    ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.forEach(
        (topicName, synonyms) -> firstSet(topicName, synonyms, brokerConfigs, defaults));
    return Map.copyOf(defaults);
  }

  private static void firstSet(
      String topicName,
      List<ConfigSynonym> synonyms,
      Map<String, String> brokerConfigs,
      Map<String, String> defaults) {
    synonyms.stream()
        .filter(synonym -> brokerConfigs.containsKey(synonym.name()))
        .findFirst()
        .ifPresent(
            synonym ->
                defaults.put(
                    topicName, synonym.converter().apply(brokerConfigs.get(synonym.name()))));
  }

  private static final class Parsed {
    private final ConfigsImage source;
    private final Map<String, String> brokerConfigs;
    private final Map<String, String> defaults;
    private final Map<Map<String, String>, LogConfig> byOverrides = new ConcurrentHashMap<>();

    Parsed(ConfigsImage source, Map<String, String> brokerConfigs, Map<String, String> defaults) {
      this.source = source;
      this.brokerConfigs = brokerConfigs;
      this.defaults = defaults;
    }

    LogConfig of(Map<String, String> overrides) {
      LogConfig known = byOverrides.get(overrides);
      if (known != null) {
        return known;
      }
      if (byOverrides.size() >= PARSED_MAX) {
        byOverrides.clear();
      }
      return byOverrides.computeIfAbsent(overrides, this::fromProps);
    }

    private LogConfig fromProps(Map<String, String> overrides) {
      Properties properties = new Properties();
      properties.putAll(overrides);
      return LogConfig.fromProps(defaults, properties);
    }
  }
}
