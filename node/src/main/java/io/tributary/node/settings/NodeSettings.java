package io.tributary.node.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Everything that can be set on a node. Built by {@link SettingsReader}; checked when built. */
public record NodeSettings(
    Node node, Kafka kafka, Http http, Storage storage, Intake intake, Log log, Topics topics) {

  /** Who this node is. */
  public record Node(
      @Setting(
              key = "tributary.data",
              byDefault = "./data",
              option = "--data",
              says =
                  "Folder of the embedded stores; used when storage.url or metadata.url is unset.")
          Path data,
      @Setting(
              key = "tributary.cluster.name",
              byDefault = "tributary",
              option = "--cluster",
              says = "Name of the cluster: letters, digits, '.', '_' and '-'.")
          String cluster,
      @Setting(
              key = "tributary.cluster.address",
              byDefault = "127.0.0.1:0",
              option = "--cluster-address",
              says = "HOST:PORT where other nodes reach this one; port 0 takes a free one.")
          HostPort clusterAddress,
      @Setting(
              key = "tributary.node.name",
              option = "--node",
              says =
                  "Name of this node, kept across restarts; unset, it is host name and Kafka port.")
          Optional<String> name,
      @Setting(
              key = "tributary.node.zone",
              option = "--zone",
              says = "Zone of this node, shown to clients as its rack.")
          Optional<String> zone,
      @Setting(key = "tributary.node.region", option = "--region", says = "Region of this node.")
          Optional<String> region) {
    public Node {
      if (!cluster.matches("[A-Za-z0-9._-]{1,100}")) {
        throw new IllegalArgumentException(
            "tributary.cluster.name = '"
                + cluster
                + "' is not allowed: 1 to 100 of letters, digits, '.', '_', '-'");
      }
    }
  }

  /** How clients reach it. */
  public record Kafka(
      @Setting(
              key = "tributary.kafka.address",
              byDefault = "127.0.0.1:9092",
              option = "--kafka",
              says = "HOST:PORT where Kafka clients connect; port 0 takes a free one.")
          HostPort address,
      @Setting(
              key = "tributary.kafka.advertise",
              option = "--advertise",
              says = "HOST:PORT told to clients; unset, it is where the node listens.")
          Optional<HostPort> advertise,
      @Setting(
              key = "tributary.kafka.threads",
              byDefault = "0",
              says = "Network threads; 0 takes one a processor.")
          int threads,
      @Setting(
              key = "tributary.kafka.memory",
              byDefault = "0B",
              says =
                  "Bytes of produce requests in flight before sockets are no longer read; 0 takes a quarter of the heap.")
          ByteSize memory,
      @Setting(
              key = "tributary.kafka.frame-bytes-max",
              byDefault = "100MiB",
              says = "Largest request; a larger one closes its connection.")
          ByteSize frameBytesMax,
      @Setting(
              key = "tributary.kafka.connections-max",
              byDefault = "10000",
              says = "Most open client connections of this node.")
          int connectionsMax,
      @Setting(
              key = "tributary.kafka.connections-per-address-max",
              byDefault = "10000",
              says = "Most open connections from one address.")
          int connectionsPerAddressMax,
      @Setting(
              key = "tributary.kafka.idle-max",
              byDefault = "10m",
              says =
                  "A connection without traffic for this long is closed (Kafka: connections.max.idle.ms).")
          Duration idleMax) {}

  /** Management over HTTP. */
  public record Http(
      @Setting(
              key = "tributary.http.address",
              byDefault = "127.0.0.1:8080",
              option = "--http",
              says = "HOST:PORT of health and metrics; port 0 takes a free one.")
          HostPort address,
      @Setting(
              key = "tributary.http.token",
              says =
                  "Bearer token that requests must carry; required unless the address is loopback.")
          Optional<String> token) {
    public Http {
      if (!address.isLoopback() && token.filter(t -> !t.isBlank()).isEmpty()) {
        throw new IllegalArgumentException(
            "tributary.http.address = '"
                + address
                + "' is not loopback: set tributary.http.token too");
      }
    }
  }

  /** Where bytes and metadata live. */
  public record Storage(
      @Setting(
              key = "tributary.storage.url",
              option = "--storage",
              says =
                  "file:DIR or s3://bucket/prefix?region=…&endpoint=…&path-style=true; unset, file: under the data folder.")
          Optional<String> url,
      @Setting(
              key = "tributary.metadata.url",
              option = "--metadata",
              says =
                  "sqlite:FILE or etcd://host:2379,host:2379; unset, sqlite: under the data folder.")
          Optional<String> metadataUrl,
      @Setting(
              key = "tributary.storage.file.fsync",
              byDefault = "true",
              says =
                  "Whether file: and sqlite: stores wait for the disk before a record is acknowledged."
                      + " false risks acknowledged records at power loss.")
          boolean fsync) {}

  /** How writes are gathered. */
  public record Intake(
      @Setting(
              key = "tributary.intake.max-bytes",
              byDefault = "8MiB",
              says = "An intake object is sealed when it holds this much: 64KiB to 32MiB.")
          ByteSize maxBytes,
      @Setting(
              key = "tributary.intake.max-delay",
              says =
                  "An intake object is sealed at this age: 0 to 10s; unset, 50ms on object stores and 2ms on files.")
          Optional<Duration> maxDelay,
      @Setting(
              key = "tributary.intake.flushes-per-second",
              says =
                  "Token bucket over uploads, 0 for none; unset, 20 on object stores and 500 on files.")
          Optional<Integer> flushesPerSecond) {
    public Intake {
      if (maxBytes.bytes() < 64 << 10 || maxBytes.bytes() > 32 << 20) {
        throw new IllegalArgumentException(
            "tributary.intake.max-bytes = '"
                + maxBytes.bytes()
                + "' is not allowed: 64KiB to 32MiB");
      }
    }
  }

  /** The log's memory and bookkeeping. */
  public record Log(
      @Setting(
              key = "tributary.cache.blocks",
              byDefault = "0B",
              says = "Bytes of record blocks kept in memory; 0 takes a quarter of the heap.")
          ByteSize blockCache,
      @Setting(
              key = "tributary.checkpoint.objects",
              says =
                  "A shard checkpoints after this many journal records; unset, 256 on object stores and 4096 on files.")
          Optional<Integer> checkpointObjects,
      @Setting(
              key = "tributary.checkpoint.interval",
              byDefault = "60s",
              says = "A shard that changed checkpoints at least this often.")
          Duration checkpointInterval) {}

  /** Defaults of topics. */
  public record Topics(
      @Setting(
              key = "tributary.topics.auto-create",
              byDefault = "true",
              says =
                  "Whether a topic that clients name comes into being (Kafka: auto.create.topics.enable).")
          boolean autoCreate,
      @Setting(
              key = "tributary.topics.partitions",
              byDefault = "1",
              says = "Partitions of a topic created without a number (Kafka: num.partitions).")
          int partitions) {
    public Topics {
      if (partitions < 1) {
        throw new IllegalArgumentException(
            "tributary.topics.partitions = '" + partitions + "' is not allowed: 1 or more");
      }
    }
  }
}
