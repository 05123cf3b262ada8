package io.tributary.node.cluster;

import io.tributary.actors.cluster.ConfigEdit;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;

/** What one kind of resource may be configured with. */
public interface ConfigRules {
  /** The names, types and defaults of the kind's configs. */
  ConfigDef definitions();

  /**
   * Whether {@code stored} may become {@code wanted}: accepted as it is, or refused in Kafka's
   * words.
   */
  ConfigEdit.Result check(Map<String, String> stored, Map<String, String> wanted);
}
