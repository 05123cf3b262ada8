package io.tributary.node.cluster;

import io.tributary.actors.cluster.ConfigEdit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** The two ways clients change configs, as edits of what is stored. */
final class ConfigEdits {
  private ConfigEdits() {}

  /**
   * One step of an incremental change (KIP-339).
   *
   * @param value null for {@code DELETE}
   */
  record Operation(String name, OpType type, @Nullable String value) {}

  /** AlterConfigs: what is not named is gone afterwards. */
  static ConfigEdit replacing(Map<String, String> configs, ConfigRules rules) {
    Map<String, String> wanted = Map.copyOf(configs);
    return stored -> rules.check(stored, wanted);
  }

  /** IncrementalAlterConfigs: what is not named stays as it is. */
  static ConfigEdit incremental(List<Operation> operations, ConfigRules rules) {
    return stored -> {
      Map<String, String> wanted = new HashMap<>(stored);
      for (Operation operation : operations) {
        if (isListStep(operation) && !isList(operation.name(), rules)) {
          return new ConfigEdit.Result.Refused(
              Errors.INVALID_CONFIG,
              "Can't %s to key %s because its type is not LIST."
                  .formatted(operation.type(), operation.name()));
        }
        apply(operation, wanted, rules);
      }
      return rules.check(stored, wanted);
    };
  }

  private static boolean isListStep(Operation operation) {
    return operation.type() == OpType.APPEND || operation.type() == OpType.SUBTRACT;
  }

  private static boolean isList(String name, ConfigRules rules) {
    ConfigKey key = rules.definitions().configKeys().get(name);
    return key != null && key.type == ConfigDef.Type.LIST;
  }

  private static void apply(Operation operation, Map<String, String> wanted, ConfigRules rules) {
    String name = operation.name();
    String value = operation.value() == null ? "" : operation.value();
    switch (operation.type()) {
      case SET -> wanted.put(name, value);
      case DELETE -> wanted.remove(name);
      case APPEND -> {
        List<String> parts = parts(name, wanted, rules);
        for (String part : value.split(",", -1)) {
          if (!parts.contains(part)) {
            parts.add(part);
          }
        }
        wanted.put(name, String.join(",", parts));
      }
      case SUBTRACT -> {
        List<String> parts = parts(name, wanted, rules);
        parts.removeAll(List.of(value.split(",", -1)));
        wanted.put(name, String.join(",", parts));
      }
    }
  }

  /** The list that stands now: as stored, else by default. */
  private static List<String> parts(String name, Map<String, String> stored, ConfigRules rules) {
    String text = stored.get(name);
    if (text == null) {
      ConfigKey key = Objects.requireNonNull(rules.definitions().configKeys().get(name), name);
      text = key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : "";
    }
    List<String> parts = new ArrayList<>();
    for (String part : (text == null ? "" : text).split(",", -1)) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }
}
