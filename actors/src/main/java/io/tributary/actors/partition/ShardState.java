package io.tributary.actors.partition;

import io.tributary.actors.partition.AppendInFlight.Indexed;
import io.tributary.actors.partition.model.Cursors;
import io.tributary.actors.partition.model.PartitionLog;
import io.tributary.actors.partition.model.PartitionMachine;
import io.tributary.actors.partition.model.ProducerLimits;
import io.tributary.actors.shard.ShardContext;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.DamagedException;
import io.tributary.persistence.format.PartitionShardCheckpointFormat;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionCheckpoint;
import io.tributary.persistence.model.PartitionEvent;
import io.tributary.persistence.model.PartitionEvent.Appended;
import io.tributary.persistence.model.PartitionEvent.LogStartMoved;
import io.tributary.persistence.model.PartitionEvent.TopicDeleted;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionShardCheckpoint;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.SliceDecision.Sequenced;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an owned shard knows, as of the last record given to its journal. Changed in the order of
 * the records, live and replayed. Confined to the shard's loop.
 */
final class ShardState implements JournalReplay.Target {
  /** How long appends that are late for a deleted topic are known as such. */
  private static final long DELETED_KEPT_MS = TimeUnit.DAYS.toMillis(1);

  /** How long decisions are remembered for senders that ask again. */
  private static final long RESULTS_KEPT_MS = TimeUnit.MINUTES.toMillis(10);

  private final ShardContext context;
  private final ProducerLimits limits;
  private final Cursors cursors = new Cursors();
  private final Map<PartitionId, OwnedPartition> partitions = new HashMap<>();
  private final Map<UUID, TopicDeleted> deletedTopics = new LinkedHashMap<>();

  /** Also those whose deletion waits for its turn. */
  private final Set<UUID> doomedTopics = new HashSet<>();

  ShardState(ShardContext context, ProducerLimits limits) {
    this.context = context;
    this.limits = limits;
  }

  Cursors cursors() {
    return cursors;
  }

  CompletionStage<Void> restore(Optional<Bytes> checkpointRoot) {
    try {
      checkpointRoot.ifPresent(
          root ->
              restore(
                  PartitionShardCheckpointFormat.decode(
                      "the checkpoint of " + context.shard(), context.shard().index(), root)));
      return CompletableFuture.completedFuture(null);
    } catch (DamagedException damaged) {
      return CompletableFuture.failedFuture(damaged);
    }
  }

  private void restore(PartitionShardCheckpoint checkpoint) {
    cursors.restore(checkpoint.cursors());
    for (TopicDeleted deleted : checkpoint.deletedTopics()) {
      deletedTopics.put(deleted.topicId(), deleted);
      doomedTopics.add(deleted.topicId());
    }
    for (PartitionCheckpoint partition : checkpoint.partitions()) {
      PartitionMachine machine =
          new PartitionMachine(
              limits, new PartitionMachine.State(partition.nextOffset(), partition.producers()));
      PartitionLog log =
          new PartitionLog(partition.logStartOffset(), partition.nextOffset(), partition.index());
      own(partition.partition(), machine, log);
    }
  }

  @Nullable OwnedPartition ifKnown(PartitionId id) {
    return partitions.get(id);
  }

  /** A partition begins with what first comes for it. */
  OwnedPartition partition(PartitionId id) {
    OwnedPartition known = partitions.get(id);
    return known != null ? known : own(id, new PartitionMachine(limits), new PartitionLog());
  }

  private OwnedPartition own(PartitionId id, PartitionMachine machine, PartitionLog log) {
    PartitionActor actor =
        new PartitionActor(machine, context.startChild(id.toString()), context.loop());
    OwnedPartition partition = new OwnedPartition(id, actor, log);
    partitions.put(id, partition);
    return partition;
  }

  boolean isDeleted(PartitionId id) {
    return doomedTopics.contains(id.topicId());
  }

  /** From here on, what comes for the topic is refused; false when that was so already. */
  boolean beginDeletion(TopicDeleted event) {
    return doomedTopics.add(event.topicId());
  }

  /** Drops the topic's partitions, and says which those were. */
  List<PartitionId> delete(TopicDeleted event) {
    doomedTopics.add(event.topicId());
    deletedTopics.put(event.topicId(), event);
    List<PartitionId> gone = new ArrayList<>();
    Iterator<OwnedPartition> all = partitions.values().iterator();
    while (all.hasNext()) {
      OwnedPartition partition = all.next();
      if (partition.id().topicId().equals(event.topicId())) {
        partition.actor().stop();
        gone.add(partition.id());
        all.remove();
      }
    }
    return gone;
  }

  /** Appends what was decided; nothing is visible yet. */
  List<Indexed> apply(Appended event, List<PartitionSlice> slices) {
    if (event.slices().size() != slices.size()) {
      throw new IllegalStateException(
          "%s: %d slices in the object, %d decisions on them"
              .formatted(event.flush(), slices.size(), event.slices().size()));
    }
    cursors.decided(event);
    List<Indexed> indexed = new ArrayList<>(slices.size());
    for (int i = 0; i < slices.size(); i++) {
      PartitionSlice slice = slices.get(i);
      if (event.slices().get(i) instanceof Sequenced sequenced) {
        OwnedPartition partition = partition(slice.partition());
        Optional<IndexEntry> entry = PartitionLog.entry(event.flush(), slice, sequenced);
        entry.ifPresent(
            appended -> {
              partition.log().append(appended);
              indexed.add(new Indexed(partition, appended));
            });
      }
    }
    return indexed;
  }

  @Override
  public boolean misses(PartitionEvent event) {
    return switch (event) {
      case Appended appended -> !cursors.covers(appended.flush());
      case LogStartMoved moved -> !isDeleted(moved.partition());
      case TopicDeleted deleted -> !deletedTopics.containsKey(deleted.topicId());
    };
  }

  /** Replayed records are committed ones. */
  @Override
  public void apply(PartitionEvent event, List<PartitionSlice> slices) {
    switch (event) {
      case Appended appended -> {
        for (Indexed indexed : apply(appended, slices)) {
          indexed.partition().log().commit(indexed.entry().nextOffset());
        }
        replayDecisions(appended, slices);
      }
      case LogStartMoved(PartitionId id, long logStartOffset) ->
          partition(id).log().commitLogStart(logStartOffset);
      case TopicDeleted deleted -> delete(deleted);
    }
  }

  private void replayDecisions(Appended event, List<PartitionSlice> slices) {
    for (int i = 0; i < slices.size(); i++) {
      if (event.slices().get(i) instanceof Sequenced sequenced) {
        partition(slices.get(i).partition())
            .actor()
            .replay(slices.get(i), sequenced, event.decidedAtMs());
      }
    }
  }

  List<OwnedPartition> partitions() {
    return partitions.values().stream().sorted((a, b) -> a.id().compareTo(b.id())).toList();
  }

  /** What a checkpoint needs beside the partitions, less what has had its time. */
  ShardCapture capture(List<ShardCapture.Part> parts) {
    long nowMs = context.loop().wallMs();
    cursors.forgetResultsBefore(nowMs - RESULTS_KEPT_MS);
    deletedTopics
        .values()
        .removeIf(
            deleted -> {
              boolean old = deleted.deletedAtMs() < nowMs - DELETED_KEPT_MS;
              if (old) {
                doomedTopics.remove(deleted.topicId());
              }
              return old;
            });
    return new ShardCapture(cursors.checkpoint(), List.copyOf(deletedTopics.values()), parts);
  }

  Map<PartitionId, Long> sizes() {
    Map<PartitionId, Long> sizes = new HashMap<>();
    partitions.forEach((id, partition) -> sizes.put(id, partition.log().sizeBytes()));
    return sizes;
  }
}
