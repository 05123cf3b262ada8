package io.tributary.actors.partition;

import io.tributary.actors.partition.ShardCapture.Part;
import io.tributary.actors.partition.model.IndexTiers;
import io.tributary.actors.shard.ShardContext;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.cache.PageOutcome;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.format.PartitionShardCheckpointFormat;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PageId;
import io.tributary.persistence.model.PartitionCheckpoint;
import io.tributary.persistence.model.PartitionShardCheckpoint;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore.PutOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Writes a shard's captured state: new index pages, then the root that names them. What it wrote is
 * of no consequence until the root is published. Confined to the shard's loop; one write at a time.
 */
final class CheckpointWriter {
  private static final int PUT_ATTEMPTS_MAX = 8;
  private static final Duration PUT_RETRY_AFTER = Duration.ofMillis(100);

  private final ShardContext context;
  private final PartitionEnvironment environment;
  private long pagesNamed;

  CheckpointWriter(ShardContext context, PartitionEnvironment environment) {
    this.context = context;
    this.environment = environment;
  }

  /**
   * @param partitions those whose runs changed, with the new ones
   */
  record Written(Bytes root, List<Paged> partitions) {}

  record Paged(OwnedPartition partition, List<IndexRun> runs) {}

  /** Fails when the object store does not give or take what is needed; then nothing changed. */
  CompletionStage<Written> write(ShardCapture capture) {
    List<CompletableFuture<Merge>> loading = new ArrayList<>(capture.partitions().size());
    for (Part part : capture.partitions()) {
      loading.add(load(part).toCompletableFuture());
    }
    return CompletableFuture.allOf(loading.toArray(CompletableFuture[]::new))
        .thenComposeAsync(
            _ -> writePages(capture, loading.stream().map(CompletableFuture::join).toList()),
            context.loop());
  }

  /**
   * What becomes of one partition's runs.
   *
   * @param kept as they are
   * @param entries to be written, those of runs that are merged included
   */
  private record Merge(Part part, List<IndexRun> kept, List<IndexEntry> entries) {}

  private CompletionStage<Merge> load(Part part) {
    List<IndexRun> runs = part.paged();
    int merged = part.entries().isEmpty() ? 0 : IndexTiers.runsToMerge(runs, part.entries().size());
    List<IndexRun> kept = runs.subList(0, runs.size() - merged);
    CompletionStage<List<IndexEntry>> entries = CompletableFuture.completedFuture(List.of());
    for (IndexRun run : runs.subList(runs.size() - merged, runs.size())) {
      entries =
          entries.thenCombine(
              environment.pages().entries(part.partition().id(), run), CheckpointWriter::joined);
    }
    return entries.thenApply(before -> new Merge(part, kept, joined(before, part.entries())));
  }

  private static List<IndexEntry> joined(List<IndexEntry> first, PageOutcome second) {
    return switch (second) {
      case PageOutcome.Entries(List<IndexEntry> entries) -> joined(first, entries);
      case PageOutcome.Unavailable(Throwable cause) ->
          throw new IllegalStateException("an index page to be merged cannot be read", cause);
    };
  }

  private static List<IndexEntry> joined(List<IndexEntry> first, List<IndexEntry> second) {
    List<IndexEntry> joined = new ArrayList<>(first.size() + second.size());
    joined.addAll(first);
    joined.addAll(second);
    return joined;
  }

  private CompletionStage<Written> writePages(ShardCapture capture, List<Merge> merges) {
    PageBuilder pages = new PageBuilder(environment.pages(), this::nextPage);
    List<Paged> changed = new ArrayList<>();
    List<PartitionCheckpoint> partitions = new ArrayList<>(merges.size());
    for (Merge merge : merges) {
      Part part = merge.part();
      List<IndexRun> runs = pages.runs(part.partition().id(), merge.kept(), merge.entries());
      if (!runs.equals(part.partition().log().paged())) {
        changed.add(new Paged(part.partition(), runs));
      }
      partitions.add(
          new PartitionCheckpoint(
              part.partition().id(),
              part.logStartOffset(),
              part.machine().nextOffset(),
              part.machine().producers(),
              runs));
    }
    Bytes root =
        PartitionShardCheckpointFormat.encode(
            context.shard().index(),
            new PartitionShardCheckpoint(capture.cursors(), capture.deletedTopics(), partitions));
    List<CompletableFuture<Void>> puts = new ArrayList<>();
    pages.finish().forEach((page, parts) -> puts.add(put(ObjectNames.page(page), parts, 1)));
    return CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new))
        .thenApplyAsync(_ -> new Written(root, changed), context.loop());
  }

  private PageId nextPage() {
    pagesNamed++;
    return new PageId(context.shard().index(), context.ownerEpoch(), pagesNamed);
  }

  /** The name is ours alone: what occupies it after an unknown outcome is our own attempt. */
  private CompletableFuture<Void> put(ObjectKey key, List<Bytes> parts, int attempt) {
    return environment
        .objects()
        .putIfAbsent(key, parts)
        .thenComposeAsync(
            outcome ->
                switch (outcome) {
                  case PutOutcome.Stored(), PutOutcome.Occupied() ->
                      CompletableFuture.<Void>completedFuture(null);
                  case PutOutcome.Unknown(Throwable cause) ->
                      attempt == PUT_ATTEMPTS_MAX
                          ? CompletableFuture.<Void>failedFuture(
                              new IOException(key + " could not be stored", cause))
                          : putAgain(key, parts, attempt + 1);
                },
            context.loop())
        .toCompletableFuture();
  }

  private CompletableFuture<Void> putAgain(ObjectKey key, List<Bytes> parts, int attempt) {
    CompletableFuture<Void> again = new CompletableFuture<>();
    context
        .loop()
        .schedule(
            PUT_RETRY_AFTER.multipliedBy(attempt),
            () ->
                put(key, parts, attempt)
                    .whenComplete(
                        (_, failure) -> {
                          if (failure == null) {
                            again.complete(null);
                          } else {
                            again.completeExceptionally(failure);
                          }
                        }));
    return again;
  }
}
