package io.tributary.actors.cluster;

import io.tributary.actors.cluster.ClusterRecords.TopicRecord;
import io.tributary.actors.cluster.ConfigsImage.StoredConfigs;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.ReadOutcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** One read of everything a cluster image is made of. */
sealed interface ClusterReading {
  /** What is read, in the order that {@link #of} expects. */
  List<String> PREFIXES =
      List.of(ClusterRecords.TOPICS, ClusterRecords.CONFIGS, ClusterRecords.TOMBSTONES);

  record Failed(Throwable cause) implements ClusterReading {}

  /**
   * @param revision the oldest of the ranges' revisions: what was written up to it is in all
   */
  record Complete(List<Entry> topics, List<Entry> configs, List<Entry> tombstones, long revision)
      implements ClusterReading {

    /**
     * The image this read makes of {@code known}. What has not changed stays the same object, so
     * that what others derived from it (parsed configs) stays valid.
     */
    ClusterImage onto(ClusterImage known) {
      Map<String, TopicImage> byName = new HashMap<>();
      boolean unchanged = true;
      for (Entry entry : topics) {
        String name = entry.key().substring(ClusterRecords.TOPICS.length());
        TopicImage before = known.topicsByName().get(name);
        if (before != null && before.version() == entry.version()) {
          byName.put(name, before);
          continue;
        }
        TopicRecord record = ClusterRecords.topic(entry);
        if (!record.deleting()) {
          byName.put(name, ClusterRecords.image(entry, record));
          unchanged = false;
        }
      }
      unchanged &= byName.size() == known.topicsByName().size();
      Map<UUID, DeletedTopic> deleted = new HashMap<>();
      for (Entry entry : tombstones) {
        DeletedTopic tombstone = ClusterRecords.tombstone(entry);
        deleted.put(tombstone.id(), tombstone);
      }
      ConfigsImage fresh = configsImage();
      return new ClusterImage(
          known.clusterId(),
          known.shards(),
          unchanged ? known.topicsByName() : Map.copyOf(byName),
          unchanged ? known.topicsById() : byId(byName),
          known.brokers(),
          fresh.equals(known.configs()) ? known.configs() : fresh,
          Map.copyOf(deleted),
          revision);
    }

    private static Map<UUID, TopicImage> byId(Map<String, TopicImage> byName) {
      return byName.values().stream()
          .collect(Collectors.toUnmodifiableMap(TopicImage::id, topic -> topic));
    }

    private ConfigsImage configsImage() {
      StoredConfigs everyBroker = StoredConfigs.NONE;
      Map<Integer, StoredConfigs> brokers = new HashMap<>();
      Map<String, StoredConfigs> groups = new HashMap<>();
      for (Entry entry : configs) {
        StoredConfigs stored = ClusterRecords.configs(entry);
        switch (ClusterRecords.configOwner(entry.key())) {
          case ConfigOwner.EveryBroker _ -> everyBroker = stored;
          case ConfigOwner.Broker(int id) -> brokers.put(id, stored);
          case ConfigOwner.Group(String id) -> groups.put(id, stored);
        }
      }
      return new ConfigsImage(everyBroker, brokers, groups);
    }
  }

  static ClusterReading of(List<ReadOutcome> ranges) {
    long revision = Long.MAX_VALUE;
    for (ReadOutcome range : ranges) {
      switch (range) {
        case ReadOutcome.Unknown(Throwable cause) -> {
          return new Failed(cause);
        }
        case ReadOutcome.Read read -> revision = Math.min(revision, read.revision());
      }
    }
    return new Complete(
        entries(ranges.get(0)), entries(ranges.get(1)), entries(ranges.get(2)), revision);
  }

  private static List<Entry> entries(ReadOutcome range) {
    return switch (range) {
      case ReadOutcome.Read(List<Entry> entries, long _) -> entries;
      case ReadOutcome.Unknown _ -> List.of();
    };
  }
}
