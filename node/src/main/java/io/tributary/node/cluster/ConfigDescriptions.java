package io.tributary.node.cluster;

import io.tributary.actors.cluster.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.jspecify.annotations.Nullable;

/**
 * Configs as clients see them: each with its value, where the value comes from, every other value
 * that stands behind it (synonyms), type and documentation.
 */
public final class ConfigDescriptions {
  private static final Map<String, String> BROKER_DEFAULTS = BrokerDefinitions.defaults();

  private final BrokerConfigs broker;

  public ConfigDescriptions(BrokerConfigs broker) {
    this.broker = broker;
  }

  /** All configs of a topic, ascending by name. */
  public List<DescribeConfigsResourceResult> topic(TopicImage topic) {
    LogConfig configs = broker.topicConfigs().of(topic);
    Map<String, ConfigKey> keys = LogConfig.configKeys();
    return configs.nonInternalValues().keySet().stream()
        .sorted()
        .map(
            name -> {
              ConfigKey key = Objects.requireNonNull(keys.get(name), name);
              String value = ConfigDef.convertToString(configs.values().get(name), key.type);
              List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
              if (topic.overrides().containsKey(name)) {
                synonyms.add(synonym(name, value, ConfigSource.TOPIC_CONFIG));
              }
              Optional.ofNullable(ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.get(name))
                  .ifPresent(brokerName -> synonyms.addAll(brokerSynonyms(brokerName)));
              return described(key, value, synonyms).setReadOnly(false);
            })
        .toList();
  }

  /** All configs of this broker, ascending by name. */
  List<DescribeConfigsResourceResult> broker() {
    return BrokerDefinitions.ALL.configKeys().values().stream()
        .sorted((one, other) -> one.name.compareTo(other.name))
        .map(
            key -> {
              List<DescribeConfigsSynonym> synonyms = brokerSynonyms(key.name);
              String value = synonyms.isEmpty() ? null : synonyms.getFirst().value();
              return described(key, value, synonyms)
                  .setReadOnly(!BrokerDefinitions.DYNAMIC.contains(key.name));
            })
        .toList();
  }

  /** The configs that clients set for all brokers. */
  List<DescribeConfigsResourceResult> brokerDefaults() {
    return broker.dynamicDefaults().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            entry -> {
              ConfigKey key =
                  Objects.requireNonNull(
                      BrokerDefinitions.ALL.configKeys().get(entry.getKey()), entry.getKey());
              return described(
                      key,
                      entry.getValue(),
                      List.of(
                          synonym(
                              key.name,
                              entry.getValue(),
                              ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG)))
                  .setReadOnly(false);
            })
        .toList();
  }

  /** All configs of a group, ascending by name. */
  List<DescribeConfigsResourceResult> group(Map<String, String> stored) {
    Properties overrides = new Properties();
    overrides.putAll(stored);
    GroupConfig configs = GroupConfig.fromProps(GroupConfigRules.defaults(), overrides);
    return GroupConfig.CONFIG_DEF.configKeys().values().stream()
        .filter(key -> !key.internalConfig)
        .sorted((one, other) -> one.name.compareTo(other.name))
        .map(
            key -> {
              String value = ConfigDef.convertToString(configs.values().get(key.name), key.type);
              List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
              if (stored.containsKey(key.name)) {
                synonyms.add(synonym(key.name, value, ConfigSource.GROUP_CONFIG));
              }
              synonyms.addAll(groupDefault(key));
              return described(key, value, synonyms).setReadOnly(false);
            })
        .toList();
  }

  private List<DescribeConfigsSynonym> groupDefault(ConfigKey key) {
    String brokerName = GroupConfig.brokerSynonym(key.name).orElse("");
    if (GroupCoordinatorConfig.CONFIG_DEF.names().contains(brokerName)) {
      return brokerSynonyms(brokerName);
    }
    return key.hasDefault() && key.defaultValue != null
        ? List.of(
            synonym(
                key.name,
                ConfigDef.convertToString(key.defaultValue, key.type),
                ConfigSource.DEFAULT_CONFIG))
        : List.of();
  }

  /** The levels of this process's loggers. */
  static List<DescribeConfigsResourceResult> loggers(BrokerLoggers loggers) {
    return loggers.levels().entrySet().stream()
        .map(
            level ->
                new DescribeConfigsResourceResult()
                    .setName(level.getKey())
                    .setValue(level.getValue())
                    .setConfigSource(ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG.id())
                    .setIsSensitive(false)
                    .setReadOnly(false))
        .toList();
  }

  /**
   * Every value that stands for a broker config, the one in force first. What only stands under
   * another name (hours, say) is left out until the name itself is set, as in Apache Kafka.
   */
  private List<DescribeConfigsSynonym> brokerSynonyms(String name) {
    List<String> names = BrokerDefinitions.synonyms(name);
    return Stream.of(
            from(names, broker.dynamic(), ConfigSource.DYNAMIC_BROKER_CONFIG),
            from(names, broker.dynamicDefaults(), ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG),
            from(names, broker.startConfigs(), ConfigSource.STATIC_BROKER_CONFIG),
            from(names, BROKER_DEFAULTS, ConfigSource.DEFAULT_CONFIG))
        .flatMap(values -> values)
        .dropWhile(synonym -> !synonym.name().equals(name))
        .toList();
  }

  private static Stream<DescribeConfigsSynonym> from(
      List<String> names, Map<String, String> values, ConfigSource source) {
    return names.stream()
        .filter(values::containsKey)
        .map(name -> synonym(name, values.get(name), source));
  }

  private static DescribeConfigsSynonym synonym(
      String name, @Nullable String value, ConfigSource source) {
    return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
  }

  private static DescribeConfigsResourceResult described(
      ConfigKey key, @Nullable String value, List<DescribeConfigsSynonym> synonyms) {
    byte source =
        synonyms.isEmpty() ? ConfigSource.DEFAULT_CONFIG.id() : synonyms.getFirst().source();
    return new DescribeConfigsResourceResult()
        .setName(key.name)
        .setValue(value)
        .setConfigSource(source)
        .setIsSensitive(false)
        .setSynonyms(synonyms)
        .setConfigType(type(key.type).id())
        .setDocumentation(key.documentation);
  }

  private static ConfigType type(ConfigDef.Type type) {
    return switch (type) {
      case BOOLEAN -> ConfigType.BOOLEAN;
      case STRING -> ConfigType.STRING;
      case INT -> ConfigType.INT;
      case SHORT -> ConfigType.SHORT;
      case LONG -> ConfigType.LONG;
      case DOUBLE -> ConfigType.DOUBLE;
      case LIST -> ConfigType.LIST;
      case CLASS -> ConfigType.CLASS;
      case PASSWORD -> ConfigType.PASSWORD;
    };
  }
}
