package io.tributary.actors.partition;

import io.tributary.actors.partition.CheckpointWriter.Paged;
import io.tributary.actors.partition.CheckpointWriter.Written;
import io.tributary.actors.partition.ShardCapture.Part;
import io.tributary.actors.partition.model.PartitionMachine;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.IndexRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A shard's checkpoints, one after another: capture the state at a place in the order of records,
 * write it, and once all it covers is committed let pages take the place of entries. Confined to
 * the shard's loop.
 */
final class Checkpoints {
  private final ShardState state;
  private final ShardJournal journal;
  private final Feeds feeds;
  private final CheckpointWriter writer;

  /** Completes when the last checkpoint's pages are in use, or it failed. */
  private CompletableFuture<Void> lastInUse = CompletableFuture.completedFuture(null);

  Checkpoints(ShardState state, ShardJournal journal, Feeds feeds, CheckpointWriter writer) {
    this.state = state;
    this.journal = journal;
    this.feeds = feeds;
    this.writer = writer;
  }

  CompletionStage<Bytes> write() {
    CompletableFuture<Void> before = lastInUse;
    CompletableFuture<Void> inUse = new CompletableFuture<>();
    lastInUse = inUse;
    return before
        .thenCompose(_ -> capture())
        .thenCompose(captured -> write(captured, inUse))
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                inUse.complete(null);
              }
            });
  }

  /**
   * @param records of the journal that the capture covers
   */
  private record Captured(ShardCapture capture, long records) {}

  private CompletionStage<Captured> capture() {
    List<OwnedPartition> partitions = state.partitions();
    Map<OwnedPartition, PartitionMachine.State> machines = new HashMap<>();
    CompletableFuture<Captured> captured = new CompletableFuture<>();
    OrderedSteps.Place place = journal.take();
    Runnable step = () -> captured.complete(captureNow(partitions, machines));
    for (OwnedPartition partition : partitions) {
      partition
          .actor()
          .state(
              machine -> {
                machines.put(partition, machine);
                if (machines.size() == partitions.size()) {
                  place.ready(step);
                }
              });
    }
    if (partitions.isEmpty()) {
      place.ready(step);
    }
    return captured;
  }

  /** Runs at the capture's place: the logs hold what was taken in before it and nothing else. */
  private Captured captureNow(
      List<OwnedPartition> partitions, Map<OwnedPartition, PartitionMachine.State> machines) {
    List<Part> parts = new ArrayList<>(partitions.size());
    for (OwnedPartition partition : partitions) {
      PartitionMachine.State machine = machines.get(partition);
      if (machine != null && state.ifKnown(partition.id()) == partition) {
        parts.add(part(partition, machine));
      }
    }
    return new Captured(state.capture(parts), journal.appended());
  }

  private static Part part(OwnedPartition partition, PartitionMachine.State machine) {
    long logStartOffset = partition.log().decidedLogStartOffset();
    List<IndexRun> paged =
        partition.log().paged().stream().filter(run -> run.nextOffset() > logStartOffset).toList();
    return new Part(partition, logStartOffset, machine, paged, partition.log().unpaged());
  }

  private CompletionStage<Bytes> write(Captured captured, CompletableFuture<Void> inUse) {
    return writer
        .write(captured.capture())
        .thenApply(
            written -> {
              journal.whenCommitted(captured.records(), () -> use(written, inUse));
              return written.root();
            });
  }

  private void use(Written written, CompletableFuture<Void> inUse) {
    List<PartitionUpdate> updates = new ArrayList<>(written.partitions().size());
    for (Paged paged : written.partitions()) {
      paged.partition().log().page(paged.runs());
      updates.add(new PartitionUpdate.Paged(paged.partition().id(), paged.runs()));
    }
    feeds.tell(updates);
    inUse.complete(null);
  }
}
