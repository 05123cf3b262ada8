package io.tributary.actors.cluster;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.tributary.actors.cluster.ConfigsImage.StoredConfigs;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Keys and values of topics, configs and tombstones in the metadata store. A value begins with its
 * version (1); numbers and texts are encoded as Protobuf encodes them, configs in ascending order
 * of their names, so that equal contents are equal bytes.
 */
final class ClusterRecords {
  static final String TOPICS = "topic/";
  static final String TOMBSTONES = "tombstone/";
  static final String CONFIGS = "config/";

  private static final String BROKER_DEFAULT = CONFIGS + "broker-default";
  private static final String BROKERS = CONFIGS + "broker/";
  private static final String GROUPS = CONFIGS + "group/";
  private static final byte VERSION = 1;

  private ClusterRecords() {}

  static String topicKey(String name) {
    return TOPICS + name;
  }

  static String tombstoneKey(UUID id) {
    return TOMBSTONES + id;
  }

  static String configKey(ConfigOwner owner) {
    return switch (owner) {
      case ConfigOwner.EveryBroker _ -> BROKER_DEFAULT;
      case ConfigOwner.Broker(int id) -> BROKERS + id;
      case ConfigOwner.Group(String id) -> GROUPS + id;
    };
  }

  static ConfigOwner configOwner(String key) {
    if (key.equals(BROKER_DEFAULT)) {
      return new ConfigOwner.EveryBroker();
    }
    if (key.startsWith(BROKERS)) {
      return new ConfigOwner.Broker(Integer.parseInt(key.substring(BROKERS.length())));
    }
    if (key.startsWith(GROUPS)) {
      return new ConfigOwner.Group(key.substring(GROUPS.length()));
    }
    throw new IllegalStateException("no config stands at key '" + key + "'");
  }

  /**
   * What stands at {@code topic/<name>}.
   *
   * @param deleting the topic is gone, but its name is not free yet
   */
  record TopicRecord(UUID id, int partitions, Map<String, String> overrides, boolean deleting) {}

  static Bytes encode(TopicRecord topic) {
    return write(
        out -> {
          out.writeBoolNoTag(topic.deleting());
          writeId(out, topic.id());
          out.writeUInt32NoTag(topic.partitions());
          writeConfigs(out, topic.overrides());
        });
  }

  static TopicRecord topic(Entry entry) {
    return read(
        entry,
        in -> {
          boolean deleting = in.readBool();
          return new TopicRecord(readId(in), in.readUInt32(), readConfigs(in), deleting);
        });
  }

  static TopicImage image(Entry entry, TopicRecord topic) {
    String name = entry.key().substring(TOPICS.length());
    return new TopicImage(name, topic.id(), topic.partitions(), topic.overrides(), entry.version());
  }

  static Bytes encode(DeletedTopic topic) {
    return write(
        out -> {
          writeId(out, topic.id());
          out.writeStringNoTag(topic.name());
          out.writeUInt32NoTag(topic.partitions());
        });
  }

  static DeletedTopic tombstone(Entry entry) {
    return read(
        entry,
        in -> {
          UUID id = readId(in);
          return new DeletedTopic(in.readString(), id, in.readUInt32());
        });
  }

  static Bytes encode(Map<String, String> configs) {
    return write(out -> writeConfigs(out, configs));
  }

  static StoredConfigs configs(Entry entry) {
    return read(entry, in -> new StoredConfigs(readConfigs(in), entry.version()));
  }

  private static void writeId(CodedOutputStream out, UUID id) throws IOException {
    out.writeFixed64NoTag(id.getMostSignificantBits());
    out.writeFixed64NoTag(id.getLeastSignificantBits());
  }

  private static UUID readId(CodedInputStream in) throws IOException {
    return new UUID(in.readFixed64(), in.readFixed64());
  }

  private static void writeConfigs(CodedOutputStream out, Map<String, String> configs)
      throws IOException {
    out.writeUInt32NoTag(configs.size());
    for (Map.Entry<String, String> config : new TreeMap<>(configs).entrySet()) {
      out.writeStringNoTag(config.getKey());
      out.writeStringNoTag(config.getValue());
    }
  }

  private static Map<String, String> readConfigs(CodedInputStream in) throws IOException {
    int count = in.readUInt32();
    Map<String, String> configs = new HashMap<>();
    for (int i = 0; i < count; i++) {
      configs.put(in.readString(), in.readString());
    }
    return configs;
  }

  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private interface Reading<T> {
    T from(CodedInputStream in) throws IOException;
  }

  private static Bytes write(Writing writing) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeRawByte(VERSION);
      writing.to(out);
      out.flush();
      return Bytes.wrap(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail to be written", e);
    }
  }

  private static <T> T read(Entry entry, Reading<T> reading) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(entry.value().asByteBuffer());
      byte version = in.readRawByte();
      if (version != VERSION) {
        throw new IOException("unknown version " + version);
      }
      T value = reading.from(in);
      if (!in.isAtEnd()) {
        throw new IOException("bytes after the end");
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the value at '" + entry.key() + "' of the metadata store is damaged", e);
    }
  }
}
