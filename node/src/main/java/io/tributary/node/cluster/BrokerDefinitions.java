package io.tributary.node.cluster;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.server.config.ConfigSynonym;
import org.apache.kafka.server.config.ServerConfigs;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.CleanerConfig;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * The broker configs this cluster knows by Kafka's names. Those that have no meaning here (threads,
 * directories, flushing) are shown with Kafka's defaults, because tools look for them.
 */
final class BrokerDefinitions {
  static final String NODE_ID = "node.id";
  static final String LISTENERS = "listeners";
  static final String ADVERTISED_LISTENERS = "advertised.listeners";
  static final String REPLICATION_FACTOR = "default.replication.factor";

  static final ConfigDef ALL = all();

  /**
   * What may be changed while brokers run, as in Apache Kafka: the defaults of topics, and the log
   * cleaner's settings, which are accepted without effect.
   */
  static final Set<String> DYNAMIC = dynamic();

  private BrokerDefinitions() {}

  private static ConfigDef all() {
    ConfigDef all =
        new ConfigDef()
            .define(NODE_ID, Type.INT, -1, Importance.HIGH, "The id of this node.")
            .define(LISTENERS, Type.LIST, List.of(), Importance.HIGH, "Where this node listens.")
            .define(
                ADVERTISED_LISTENERS,
                Type.LIST,
                null,
                Importance.HIGH,
                "Where clients are told to connect.")
            .define(
                REPLICATION_FACTOR,
                Type.INT,
                1,
                Importance.MEDIUM,
                "The replication factor of topics created without one. Durability is the object"
                    + " store's, whatever it says.")
            .define(
                "unclean.leader.election.enable",
                Type.BOOLEAN,
                false,
                Importance.HIGH,
                "No effect: there are no replicas to elect from.");
    for (ConfigDef part :
        List.of(
            ServerConfigs.CONFIG_DEF,
            LogConfig.SERVER_CONFIG_DEF,
            CleanerConfig.CONFIG_DEF,
            GroupCoordinatorConfig.CONFIG_DEF)) {
      part.configKeys().values().stream()
          .filter(key -> !all.configKeys().containsKey(key.name) && !key.internalConfig)
          .forEach(all::define);
    }
    return all;
  }

  private static Set<String> dynamic() {
    Set<String> names =
        ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.values().stream()
            .filter(ALL.names()::contains)
            .collect(Collectors.toCollection(HashSet::new));
    CleanerConfig.CONFIG_DEF.names().stream()
        .filter(name -> !name.equals(CleanerConfig.LOG_CLEANER_ENABLE_PROP))
        .forEach(names::add);
    return Set.copyOf(names);
  }

  /** The names under which {@code name} may also be set (hours for milliseconds), itself first. */
  static List<String> synonyms(String name) {
    return ServerTopicConfigSynonyms.ALL_TOPIC_CONFIG_SYNONYMS.values().stream()
        .map(synonyms -> synonyms.stream().map(ConfigSynonym::name).toList())
        .filter(names -> names.getFirst().equals(name))
        .findFirst()
        .orElse(List.of(name));
  }

  /** The typed value; {@link org.apache.kafka.common.config.ConfigException} for a wrong one. */
  static Object parse(String name, String value) {
    ConfigKey key = Objects.requireNonNull(ALL.configKeys().get(name), name);
    Object parsed = ConfigDef.parseType(name, value, key.type);
    if (key.validator != null) {
      key.validator.ensureValid(name, parsed);
    }
    return parsed;
  }

  /** Kafka's defaults as text, for those that have one. */
  static Map<String, String> defaults() {
    return ALL.configKeys().values().stream()
        .filter(key -> key.hasDefault() && key.defaultValue != null)
        .collect(
            Collectors.toUnmodifiableMap(
                key -> key.name, key -> ConfigDef.convertToString(key.defaultValue, key.type)));
  }
}
