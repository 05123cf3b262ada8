package io.tributary.node.cluster;

import io.tributary.actors.cluster.ConfigEdit;
import io.tributary.actors.cluster.TopicConfigs;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.storage.internals.log.LogConfig;

/** Topic configs: Apache Kafka's names and validation. */
public final class TopicConfigRules implements ConfigRules {
  private static final ConfigDef DEFINITIONS = LogConfig.configDefCopy();

  private final TopicConfigs configs;

  public TopicConfigRules(TopicConfigs configs) {
    this.configs = configs;
  }

  @Override
  public ConfigDef definitions() {
    return DEFINITIONS;
  }

  @Override
  public ConfigEdit.Result check(Map<String, String> stored, Map<String, String> wanted) {
    try {
      LogConfig.validate(stored, wanted, configs.defaults().values(), false);
      return new ConfigEdit.Result.Accepted(wanted);
    } catch (ConfigException e) {
      return new ConfigEdit.Result.Refused(Errors.INVALID_CONFIG, String.valueOf(e.getMessage()));
    } catch (ApiException e) {
      return new ConfigEdit.Result.Refused(Errors.forException(e), String.valueOf(e.getMessage()));
    }
  }
}
