package io.tributary.node.cluster;

import io.tributary.actors.cluster.ConfigEdit;
import io.tributary.actors.cluster.TopicConfigs;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.storage.internals.log.LogConfig;

/** Dynamic broker configs: those of {@link BrokerDefinitions#DYNAMIC}, and no others. */
public final class BrokerConfigRules implements ConfigRules {
  @Override
  public ConfigDef definitions() {
    return BrokerDefinitions.ALL;
  }

  @Override
  public ConfigEdit.Result check(Map<String, String> stored, Map<String, String> wanted) {
    Set<String> unknown = new TreeSet<>(wanted.keySet());
    unknown.removeAll(BrokerDefinitions.ALL.names());
    if (!unknown.isEmpty()) {
      return refused("Unknown broker configs: " + unknown);
    }
    Set<String> fixed = new TreeSet<>(wanted.keySet());
    fixed.removeAll(BrokerDefinitions.DYNAMIC);
    if (!fixed.isEmpty()) {
      return refused("Cannot update these configs dynamically: " + fixed);
    }
    try {
      wanted.forEach(BrokerDefinitions::parse);
      new LogConfig(TopicConfigs.topicDefaults(wanted));
      return new ConfigEdit.Result.Accepted(wanted);
    } catch (ConfigException e) {
      // Apache Kafka answers this, rather than INVALID_CONFIG, for brokers (KAFKA-13609).
      return refused(String.valueOf(e.getMessage()));
    }
  }

  private static ConfigEdit.Result refused(String message) {
    return new ConfigEdit.Result.Refused(Errors.INVALID_REQUEST, message);
  }
}
