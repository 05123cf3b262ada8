package io.tributary.actors.cluster;

import java.util.Map;
import java.util.Optional;

/**
 * The dynamic configs of brokers and groups, as clients set them. Topic configs stand in {@link
 * TopicImage#overrides}.
 *
 * @param clusterDefault broker configs set for every broker ({@code config/broker-default})
 * @param brokers by broker id ({@code config/broker/<id>})
 * @param groups by group id ({@code config/group/<id>})
 */
public record ConfigsImage(
    StoredConfigs clusterDefault,
    Map<Integer, StoredConfigs> brokers,
    Map<String, StoredConfigs> groups) {
  public static final ConfigsImage EMPTY = new ConfigsImage(StoredConfigs.NONE, Map.of(), Map.of());

  public ConfigsImage {
    brokers = Map.copyOf(brokers);
    groups = Map.copyOf(groups);
  }

  public StoredConfigs broker(int id) {
    return Optional.ofNullable(brokers.get(id)).orElse(StoredConfigs.NONE);
  }

  public StoredConfigs group(String id) {
    return Optional.ofNullable(groups.get(id)).orElse(StoredConfigs.NONE);
  }

  /**
   * The configs of one resource.
   *
   * @param version of their key in the metadata store; 0 when nothing is stored
   */
  public record StoredConfigs(Map<String, String> values, long version) {
    public static final StoredConfigs NONE = new StoredConfigs(Map.of(), 0);

    public StoredConfigs {
      values = Map.copyOf(values);
    }
  }
}
