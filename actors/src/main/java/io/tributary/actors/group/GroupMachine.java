package io.tributary.actors.group;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.shard.Journal;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.GroupRecord;
import io.tributary.persistence.format.GroupRecordsFormat;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.LogContext;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorRecordSerde;
import org.apache.kafka.coordinator.group.GroupCoordinatorShard;
import org.apache.kafka.timeline.SnapshotRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Apache Kafka's group state machine for the groups of one shard, with what it needs around it: a
 * rising record offset, the snapshots that let reads see only what is committed, the topics of the
 * cluster, and the compacted records a checkpoint is made of. Does no I/O: the shard journals what
 * {@link #write} decides and says {@link #committed} when it is durable. Confined to the shard's
 * loop.
 */
final class GroupMachine {
  private static final Logger log = LoggerFactory.getLogger(GroupMachine.class);

  private final ShardId shard;
  private final GroupEnvironment environment;
  private final GroupCoordinatorShard coordinator;
  private final GroupConfigManager groupConfigs;
  private final SnapshotRegistry snapshots;
  private final GroupTimer timer;
  private final GroupBackground background;
  private final TopicPartition name;
  private final GroupCoordinatorRecordSerde serde = new GroupCoordinatorRecordSerde();
  private final CompactedRecords compacted = new CompactedRecords();
  private TopicsMetadata topics;
  private Map<String, ?> appliedConfigs = Map.of();
  private long writtenOffset;
  private long committedOffset;

  GroupMachine(
      ShardId shard, GroupEnvironment environment, EventLoop loop, InternalWrites internalWrites) {
    this.shard = shard;
    this.environment = environment;
    LogContext logContext = new LogContext("[" + shard + "] ");
    this.snapshots = new SnapshotRegistry(logContext);
    this.timer = new GroupTimer(loop, internalWrites);
    this.background = new GroupBackground(loop, environment.background(), internalWrites);
    this.name = new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, shard.index());
    this.topics = new TopicsMetadata(environment.image().get());
    this.groupConfigs =
        new GroupConfigManager(
            environment.config().extractGroupConfigMap(environment.shareConfig()),
            environment.config(),
            environment.shareConfig());
    GroupCoordinatorShard.Builder builder =
        new GroupCoordinatorShard.Builder(environment.config(), groupConfigs);
    builder.withAuthorizerPlugin(Optional.empty());
    builder
        .withLogContext(logContext)
        .withTime(new LoopTime(loop))
        .withTimer(timer)
        .withExecutor(background)
        .withCoordinatorMetrics(environment.metrics())
        .withTopicPartition(name)
        .withSnapshotRegistry(snapshots);
    this.coordinator = builder.build();
    snapshots.idempotentCreateSnapshot(0);
  }

  /** Applies durable records, in their order, before {@link #onServing}. */
  void replay(List<GroupRecord> records) {
    for (GroupRecord record : records) {
      Bytes value = record.value();
      CoordinatorRecord decoded =
          serde.deserialize(
              record.key().asByteBuffer(), value == null ? null : value.asByteBuffer());
      apply(decoded);
      compacted.apply(record);
    }
  }

  /** Everything replayed so far is committed; timers start. */
  void onServing() {
    snapshots.idempotentCreateSnapshot(writtenOffset);
    committed(writtenOffset);
    applyGroupConfigs(topics.cluster());
    coordinator.onLoaded(topics);
  }

  void onStopped() {
    timer.cancelAll();
    background.cancelAll();
    coordinator.onUnloaded();
    groupConfigs.close();
  }

  /**
   * Tells the machine of the newest cluster image. Called before each request: nothing in the
   * machine looks at topics or configs between requests.
   */
  void refreshImage() {
    ClusterImage newest = environment.image().get();
    if (newest == topics.cluster()) {
      return;
    }
    TopicsMetadata next = new TopicsMetadata(newest);
    TopicsMetadata.Delta delta = topics.deltaTo(next);
    topics = next;
    if (!delta.isEmpty()) {
      coordinator.onMetadataUpdate(delta, next);
    }
    applyGroupConfigs(newest);
  }

  /**
   * Lets {@code operation} decide, and applies its records at once.
   *
   * @throws RuntimeException the operation's own (Kafka's errors), or that its records are too
   *     large; then nothing has changed
   */
  <T> Written<T> write(
      Function<GroupCoordinatorShard, CoordinatorResult<T, CoordinatorRecord>> operation) {
    CoordinatorResult<T, CoordinatorRecord> result = operation.apply(coordinator);
    if (result.records().isEmpty()) {
      return new Written<>(List.of(), writtenOffset, result.response(), result.appendFuture());
    }
    long before = writtenOffset;
    try {
      List<GroupRecord> encoded = result.records().stream().map(this::encode).toList();
      List<Bytes> journalRecords = journalRecords(encoded, result.isAtomic());
      for (CoordinatorRecord record : result.records()) {
        if (result.replayRecords()) {
          apply(record);
        } else {
          writtenOffset++;
        }
      }
      encoded.forEach(compacted::apply);
      snapshots.idempotentCreateSnapshot(writtenOffset);
      return new Written<>(journalRecords, writtenOffset, result.response(), result.appendFuture());
    } catch (RuntimeException e) {
      snapshots.revertToSnapshot(before);
      writtenOffset = before;
      if (result.appendFuture() != null) {
        result.appendFuture().completeExceptionally(e);
      }
      throw e;
    }
  }

  /** Reads what is committed, and nothing that is only written. */
  <T> T read(Read<T> read) {
    return read.apply(coordinator, committedOffset);
  }

  /** Everything before {@code offset} is durable. */
  void committed(long offset) {
    committedOffset = offset;
    snapshots.deleteSnapshotsUpTo(offset);
    environment.metrics().onUpdateLastCommittedOffset(name, offset);
  }

  boolean isAllCommitted() {
    return committedOffset == writtenOffset;
  }

  List<GroupRecord> compacted() {
    return compacted.snapshot();
  }

  private void apply(CoordinatorRecord record) {
    coordinator.replay(
        writtenOffset, RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH, record);
    writtenOffset++;
  }

  private GroupRecord encode(CoordinatorRecord record) {
    byte[] value = serde.serializeValue(record);
    return new GroupRecord(
        Bytes.wrap(serde.serializeKey(record)), value == null ? null : Bytes.wrap(value));
  }

  /** As few journal records as they fit in; what must be atomic is one. */
  private static List<Bytes> journalRecords(List<GroupRecord> records, boolean atomic) {
    List<Bytes> encoded = new ArrayList<>();
    List<GroupRecord> open = new ArrayList<>();
    int openBytes = GroupRecordsFormat.OVERHEAD_BYTES_MAX;
    for (GroupRecord record : records) {
      int bytes = GroupRecordsFormat.bytesMax(record);
      if (openBytes + bytes > Journal.RECORD_BYTES_MAX) {
        if (atomic || open.isEmpty()) {
          throw new RecordTooLargeException("a group's records exceed what one commit may hold");
        }
        encoded.add(GroupRecordsFormat.encode(open));
        open.clear();
        openBytes = GroupRecordsFormat.OVERHEAD_BYTES_MAX;
      }
      open.add(record);
      openBytes += bytes;
    }
    encoded.add(GroupRecordsFormat.encode(open));
    return encoded;
  }

  private void applyGroupConfigs(ClusterImage cluster) {
    if (cluster.configs().groups().equals(appliedConfigs)) {
      return;
    }
    for (String group : appliedConfigs.keySet()) {
      if (!cluster.configs().groups().containsKey(group)) {
        groupConfigs.updateGroupConfig(group, new Properties());
      }
    }
    cluster
        .configs()
        .groups()
        .forEach((group, stored) -> applyGroupConfig(cluster, group, stored.values()));
    appliedConfigs = cluster.configs().groups();
  }

  private void applyGroupConfig(ClusterImage cluster, String group, Map<String, String> values) {
    if (!cluster.shards().shardOf(ShardKind.GROUPS, group).equals(shard)) {
      return;
    }
    Properties properties = new Properties();
    properties.putAll(values);
    try {
      groupConfigs.updateGroupConfig(group, properties);
    } catch (ConfigException e) {
      log.atWarn().addKeyValue("group", group).setCause(e).log("a group's config is not usable");
    }
  }

  /** A read at one committed offset. */
  interface Read<T> {
    T apply(GroupCoordinatorShard coordinator, long committedOffset);
  }

  /**
   * A decision, applied but not yet durable.
   *
   * @param journalRecords what makes it durable, in order; empty when it changed nothing
   * @param endOffset everything before it must be durable before {@code response} may leave
   * @param appended completes what the machine itself waits to do until then
   */
  record Written<T>(
      List<Bytes> journalRecords,
      long endOffset,
      T response,
      @Nullable CompletableFuture<Void> appended) {}
}
