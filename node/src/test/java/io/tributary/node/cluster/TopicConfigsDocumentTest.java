package io.tributary.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.server.config.ServerTopicConfigSynonyms;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/topic-configs.md} names every topic config of Apache Kafka and what it does here; run
 * with {@code -Dtributary.write-docs=true} to write it anew.
 */
class TopicConfigsDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "topic-configs.md");

  private static final Map<String, String> HONOURED =
      Map.ofEntries(
          Map.entry(
              "cleanup.policy",
              "With `compact`, records without a key are refused; without `delete`, so is"
                  + " DeleteRecords. Nothing is compacted."),
          Map.entry(
              "compression.gzip.level",
              "The level of batches that are compressed anew for `compression.type`."),
          Map.entry(
              "compression.lz4.level",
              "The level of batches that are compressed anew for `compression.type`."),
          Map.entry(
              "compression.type",
              "Batches that came with another compression are compressed anew before they are"
                  + " stored."),
          Map.entry(
              "compression.zstd.level",
              "The level of batches that are compressed anew for `compression.type`."),
          Map.entry("max.message.bytes", "Larger batches are refused."),
          Map.entry("message.timestamp.after.max.ms", "Records further in the future are refused."),
          Map.entry("message.timestamp.before.max.ms", "Records further in the past are refused."),
          Map.entry(
              "message.timestamp.type",
              "With `LogAppendTime`, records carry the time of the node that took them."),
          Map.entry(
              "segment.bytes", "Batches larger than this are refused; there are no segments."));

  private static final Map<String, String> WITHOUT_EFFECT =
      Map.ofEntries(
          Map.entry("delete.retention.ms", "Nothing is compacted."),
          Map.entry("file.delete.delay.ms", "There are no segment files."),
          Map.entry("flush.messages", "Every acknowledged record is durable."),
          Map.entry("flush.ms", "Every acknowledged record is durable."),
          Map.entry("follower.replication.throttled.replicas", "There are no followers."),
          Map.entry("index.interval.bytes", "The index has an entry for each stored object."),
          Map.entry("leader.replication.throttled.replicas", "There are no followers."),
          Map.entry("local.retention.bytes", "Nothing is kept on local disks."),
          Map.entry("local.retention.ms", "Nothing is kept on local disks."),
          Map.entry("max.compaction.lag.ms", "Nothing is compacted."),
          Map.entry("min.cleanable.dirty.ratio", "Nothing is compacted."),
          Map.entry("min.compaction.lag.ms", "Nothing is compacted."),
          Map.entry("min.insync.replicas", "Durability is the object store's."),
          Map.entry("preallocate", "There are no segment files."),
          Map.entry("remote.log.copy.disable", "All records are in the object store."),
          Map.entry("remote.log.delete.on.disable", "All records are in the object store."),
          Map.entry(
              "remote.storage.enable",
              "All records are in the object store; `true` is refused, as by a Kafka broker"
                  + " without tiered storage."),
          Map.entry("retention.bytes", "Records stay until DeleteRecords or the topic's deletion."),
          Map.entry("retention.ms", "Records stay until DeleteRecords or the topic's deletion."),
          Map.entry("segment.index.bytes", "There are no segment files."),
          Map.entry("segment.jitter.ms", "There are no segments."),
          Map.entry("segment.ms", "There are no segments."),
          Map.entry("unclean.leader.election.enable", "There are no replicas to elect from."));

  @Test
  void everyTopicConfigOfKafkaIsEitherHonouredOrWithoutEffect() {
    Map<String, String> both = new TreeMap<>(HONOURED);
    both.putAll(WITHOUT_EFFECT);

    assertThat(both).hasSize(HONOURED.size() + WITHOUT_EFFECT.size());
    assertThat(both.keySet())
        .containsExactlyInAnyOrderElementsOf(LogConfig.nonInternalConfigNames());
  }

  @Test
  void theDocumentSaysWhatIsDeclaredHere() throws IOException {
    String expected = document();
    if (Boolean.getBoolean("tributary.write-docs")) {
      Files.writeString(DOCUMENT, expected);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(expected);
  }

  private static String document() {
    StringBuilder text =
        new StringBuilder(
            """
            # Topic configs

            The topic configs of Apache Kafka, with its names, defaults and validation. All are accepted, kept and described; this page says
            which of them have an effect. A default can be set for all topics under the config's broker name: for the whole cluster or one
            broker with `kafka-configs --entity-type brokers`.
            """);
    table("Honoured", HONOURED, text);
    table("Accepted without effect", WITHOUT_EFFECT, text);
    return text.toString();
  }

  private static void table(String title, Map<String, String> effects, StringBuilder text) {
    text.append("\n## ").append(title).append("\n\n");
    text.append("| config | default | broker config | here |\n| --- | --- | --- | --- |\n");
    new TreeMap<>(effects)
        .forEach(
            (name, effect) -> {
              ConfigKey key = Objects.requireNonNull(LogConfig.configKeys().get(name), name);
              String byDefault = ConfigDef.convertToString(key.defaultValue, key.type);
              String broker = ServerTopicConfigSynonyms.TOPIC_CONFIG_SYNONYMS.get(name);
              text.append("| `").append(name).append("` | ");
              text.append(byDefault.isEmpty() ? "" : "`" + byDefault + "`").append(" | ");
              text.append(broker == null ? "" : "`" + broker + "`").append(" | ");
              text.append(effect).append(" |\n");
            });
  }
}
