package io.tributary.node.cluster;

import io.tributary.actors.cluster.ConfigEdit;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/** Group configs: Apache Kafka's names and validation, against its coordinator's defaults. */
public final class GroupConfigRules implements ConfigRules {
  private static final GroupCoordinatorConfig COORDINATOR =
      GroupCoordinatorConfig.fromProps(Map.of());
  private static final ShareGroupConfig SHARE = ShareGroupConfig.fromProps(Map.of());

  @Override
  public ConfigDef definitions() {
    return GroupConfig.CONFIG_DEF;
  }

  @Override
  public ConfigEdit.Result check(Map<String, String> stored, Map<String, String> wanted) {
    try {
      GroupConfig.validate(wanted, COORDINATOR, SHARE);
      return new ConfigEdit.Result.Accepted(wanted);
    } catch (ConfigException e) {
      return new ConfigEdit.Result.Refused(Errors.INVALID_CONFIG, String.valueOf(e.getMessage()));
    } catch (ApiException e) {
      return new ConfigEdit.Result.Refused(Errors.forException(e), String.valueOf(e.getMessage()));
    }
  }

  /** What holds for a group without configs of its own. */
  static Map<String, Integer> defaults() {
    return COORDINATOR.extractGroupConfigMap(SHARE);
  }
}
