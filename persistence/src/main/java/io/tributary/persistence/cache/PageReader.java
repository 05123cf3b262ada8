package io.tributary.persistence.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.cache.PageOutcome.Entries;
import io.tributary.persistence.cache.PageOutcome.Unavailable;
import io.tributary.persistence.format.DamagedException;
import io.tributary.persistence.format.IndexFormat;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.objects.ObjectStore;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Looks into partitions' index pages: fetches the runs that are needed, one ranged read each, and
 * keeps them decoded. One a node; may be called from any thread. No stage that it returns fails;
 * they complete on a thread of the store's, or at once.
 */
public final class PageReader {
  /** About what one entry takes on the heap. */
  private static final int ENTRY_BYTES = 96;

  private final ObjectStore store;
  private final AsyncCache<IndexRun, Contents> runs;

  /**
   * @param bytesMax of heap, about
   */
  public PageReader(ObjectStore store, long bytesMax) {
    this.store = store;
    this.runs =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((IndexRun _, Contents contents) -> contents.size() * ENTRY_BYTES)
            .executor(Runnable::run)
            .buildAsync();
  }

  /**
   * The first entry that ends above {@code fromOffset} and has a batch of {@code timestampMs} or
   * later, and some that follow it.
   *
   * @param paged the partition's runs, in offset order
   * @param timestampMs {@link Long#MIN_VALUE} when any will do
   */
  public CompletionStage<PageOutcome> find(
      PartitionId partition, List<IndexRun> paged, long fromOffset, long timestampMs) {
    return new Search(partition, fromOffset, timestampMs).among(paged, 0);
  }

  /**
   * The first of the entries with the largest timestamp among those that end above {@code
   * fromOffset}; alone.
   */
  public CompletionStage<PageOutcome> findLargestTimestamp(
      PartitionId partition, List<IndexRun> paged, long fromOffset) {
    List<IndexRun> straddling =
        paged.stream()
            .filter(run -> run.baseOffset() < fromOffset && run.nextOffset() > fromOffset)
            .toList();
    List<IndexRun> above = paged.stream().filter(run -> run.baseOffset() >= fromOffset).toList();
    CompletionStage<PageOutcome> best = largestAbove(partition, above);
    return straddling.isEmpty()
        ? best
        : best.thenCombine(
            largestStraddling(partition, straddling.getFirst(), fromOffset),
            PageReader::earlierOfLargest);
  }

  /** All entries of a run of level 0. */
  public CompletionStage<PageOutcome> entries(PartitionId partition, IndexRun run) {
    return contents(partition, run)
        .thenApply(
            contents ->
                switch (contents) {
                  case Contents.Leaf(List<IndexEntry> entries) -> new Entries(entries);
                  case Contents.Inner _ ->
                      throw new IllegalArgumentException("not a run of level 0: " + run);
                  case Contents.Failed(Throwable cause) -> new Unavailable(cause);
                });
  }

  /** Keeps what was just written, for it is likely to be read or merged soon. */
  public void put(IndexRun run, List<IndexEntry> entries) {
    runs.put(run, CompletableFuture.completedFuture(new Contents.Leaf(entries)));
  }

  private CompletionStage<PageOutcome> largestAbove(PartitionId partition, List<IndexRun> above) {
    long largestMs =
        above.stream().mapToLong(IndexRun::maxTimestampMs).max().orElse(Long.MIN_VALUE);
    return new Search(partition, Long.MIN_VALUE, largestMs)
        .among(above, 0)
        .thenApply(
            outcome ->
                outcome instanceof Entries(List<IndexEntry> entries) && !entries.isEmpty()
                    ? new Entries(List.of(entries.getFirst()))
                    : outcome);
  }

  private CompletionStage<PageOutcome> largestStraddling(
      PartitionId partition, IndexRun run, long fromOffset) {
    return contents(partition, run)
        .thenCompose(
            contents ->
                switch (contents) {
                  case Contents.Inner(List<IndexRun> inner) ->
                      findLargestTimestamp(partition, inner, fromOffset);
                  case Contents.Leaf(List<IndexEntry> entries) ->
                      completed(
                          new Entries(
                              entries.stream()
                                  .filter(entry -> entry.nextOffset() > fromOffset)
                                  .reduce(PageReader::earlierOfLargest)
                                  .stream()
                                  .toList()));
                  case Contents.Failed(Throwable cause) -> completed(new Unavailable(cause));
                });
  }

  private static PageOutcome earlierOfLargest(PageOutcome later, PageOutcome earlier) {
    if (!(earlier instanceof Entries(List<IndexEntry> first)) || first.isEmpty()) {
      return earlier instanceof Unavailable ? earlier : later;
    }
    if (!(later instanceof Entries(List<IndexEntry> second)) || second.isEmpty()) {
      return later instanceof Unavailable ? later : earlier;
    }
    return new Entries(List.of(earlierOfLargest(first.getFirst(), second.getFirst())));
  }

  private static IndexEntry earlierOfLargest(IndexEntry earlier, IndexEntry later) {
    return later.maxTimestampMs() > earlier.maxTimestampMs() ? later : earlier;
  }

  private CompletionStage<Contents> contents(PartitionId partition, IndexRun run) {
    CompletableFuture<Contents> contents = runs.get(run, (key, _) -> load(partition, key));
    return contents.whenComplete(
        (loaded, _) -> {
          if (loaded == null || loaded instanceof Contents.Failed) {
            runs.asMap().remove(run, contents);
          }
        });
  }

  private CompletableFuture<Contents> load(PartitionId partition, IndexRun run) {
    return store
        .getRange(ObjectNames.page(run.page()), run.position(), run.lengthBytes())
        .thenApply(
            outcome ->
                switch (outcome) {
                  case GetOutcome.Found(Bytes bytes, _) -> decode(partition, run, bytes);
                  case GetOutcome.Absent _ ->
                      new Contents.Failed(
                          new IOException(ObjectNames.page(run.page()) + " is not there"));
                  case GetOutcome.Unknown(Throwable cause) -> new Contents.Failed(cause);
                })
        .exceptionally(Contents.Failed::new)
        .toCompletableFuture();
  }

  private static Contents decode(PartitionId partition, IndexRun run, Bytes bytes) {
    try {
      return run.level() == 0
          ? new Contents.Leaf(IndexFormat.decodeEntries(partition, run, bytes))
          : new Contents.Inner(IndexFormat.decodeRuns(partition, run, bytes));
    } catch (DamagedException damaged) {
      return new Contents.Failed(damaged);
    }
  }

  private static CompletionStage<PageOutcome> completed(PageOutcome outcome) {
    return CompletableFuture.completedFuture(outcome);
  }

  /** Goes down the first branch that may hold it, and on to the next when it does not. */
  private final class Search {
    private final PartitionId partition;
    private final long fromOffset;
    private final long timestampMs;

    Search(PartitionId partition, long fromOffset, long timestampMs) {
      this.partition = partition;
      this.fromOffset = fromOffset;
      this.timestampMs = timestampMs;
    }

    CompletionStage<PageOutcome> among(List<IndexRun> candidates, int first) {
      for (int i = first; i < candidates.size(); i++) {
        IndexRun run = candidates.get(i);
        if (run.nextOffset() > fromOffset && run.maxTimestampMs() >= timestampMs) {
          int next = i + 1;
          return contents(partition, run)
              .thenCompose(this::inside)
              .thenCompose(
                  found ->
                      found instanceof Entries(List<IndexEntry> entries) && entries.isEmpty()
                          ? among(candidates, next)
                          : completed(found));
        }
      }
      return completed(new Entries(List.of()));
    }

    private CompletionStage<PageOutcome> inside(Contents contents) {
      return switch (contents) {
        case Contents.Inner(List<IndexRun> inner) -> among(inner, 0);
        case Contents.Leaf(List<IndexEntry> entries) -> {
          int i = 0;
          while (i < entries.size()
              && (entries.get(i).nextOffset() <= fromOffset
                  || entries.get(i).maxTimestampMs() < timestampMs)) {
            i++;
          }
          yield completed(new Entries(entries.subList(i, entries.size())));
        }
        case Contents.Failed(Throwable cause) -> completed(new Unavailable(cause));
      };
    }
  }

  private sealed interface Contents {
    int size();

    record Leaf(List<IndexEntry> entries) implements Contents {
      public Leaf {
        entries = List.copyOf(entries);
      }

      @Override
      public int size() {
        return entries.size();
      }
    }

    record Inner(List<IndexRun> runs) implements Contents {
      @Override
      public int size() {
        return runs.size();
      }
    }

    record Failed(Throwable cause) implements Contents {
      @Override
      public int size() {
        return 1;
      }
    }
  }
}
