package io.tributary.actors.view;

import io.tributary.actors.partition.LatestAnswer.Watermarks;
import io.tributary.persistence.cache.Block;
import io.tributary.persistence.cache.BlockOutcome;
import io.tributary.persistence.cache.PageOutcome;
import io.tributary.persistence.format.DamagedException;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads through the node's views: offset to entries, entries to blocks, blocks to batches. Holds no
 * state of its own, so any thread may read; what memory has is answered on the caller's thread.
 */
public final class ViewLogReader implements LogReader {
  private static final Logger LOG = LoggerFactory.getLogger(ViewLogReader.class);

  /** Looks at a fresh index before a reader is told to try again. */
  private static final int RENEWALS_MAX = 2;

  private final PartitionViews views;
  private final ReadResources resources;
  private final BlockLoads loads;
  private final OffsetSearch search;

  public ViewLogReader(PartitionViews views, ReadResources resources) {
    this.views = views;
    this.resources = resources;
    this.loads = new BlockLoads(resources.cache(), resources.loop());
    this.search = new OffsetSearch(resources, loads);
  }

  @Override
  public CompletionStage<ReadOutcome> read(
      PartitionId partition, long offset, int bytesMax, boolean atLeastOneBatch) {
    Wanted wanted = new Wanted(partition, offset, bytesMax, atLeastOneBatch);
    PartitionView view = views.usable(partition);
    return view != null
        ? read(wanted, view, 0)
        : views.refreshed(partition).thenCompose(known -> read(wanted, known, 0));
  }

  @Override
  public int readableBytes(PartitionId partition, long offset, int enoughBytes) {
    PartitionView view = views.usable(partition);
    return view == null ? 0 : view.readableBytes(offset, enoughBytes);
  }

  @Override
  public Registration onChange(Collection<PartitionId> partitions, Runnable wake) {
    return views.onChange(partitions, wake);
  }

  @Override
  public CompletionStage<OffsetOutcome> offset(PartitionId partition, OffsetQuery query) {
    if (query instanceof OffsetQuery.Latest) {
      return views
          .latest(partition)
          .thenApply(
              latest ->
                  latest
                      .<OffsetOutcome>map(
                          marks ->
                              new OffsetOutcome.Found(
                                  marks.highWatermark(), OffsetOutcome.NO_TIMESTAMP))
                      .orElseGet(OffsetOutcome.Unavailable::new));
    }
    return views.refreshed(partition).thenCompose(view -> offset(partition, query, view, 0));
  }

  private CompletionStage<OffsetOutcome> offset(
      PartitionId partition, OffsetQuery query, Optional<PartitionView> view, int renewals) {
    if (view.isEmpty()) {
      return CompletableFuture.completedFuture(new OffsetOutcome.Unavailable());
    }
    return search
        .find(partition, view.get(), query)
        .thenCompose(
            answer ->
                switch (answer) {
                  case OffsetSearch.Answer.Known(OffsetOutcome outcome) ->
                      CompletableFuture.completedFuture(outcome);
                  case OffsetSearch.Answer.IndexOutdated() ->
                      renewals < RENEWALS_MAX
                          ? views
                              .renewed(partition)
                              .thenCompose(fresh -> offset(partition, query, fresh, renewals + 1))
                          : CompletableFuture.completedFuture(new OffsetOutcome.Unavailable());
                });
  }

  private CompletionStage<ReadOutcome> read(
      Wanted wanted, Optional<PartitionView> view, int renewals) {
    return view.map(known -> read(wanted, known, renewals)).orElseGet(ViewLogReader::unavailable);
  }

  private CompletionStage<ReadOutcome> read(Wanted wanted, PartitionView view, int renewals) {
    if (wanted.offset < view.logStartOffset()) {
      return CompletableFuture.completedFuture(
          new ReadOutcome.OutOfRange(
              view.logStartOffset(), views.show(wanted.partition, view.highWatermark())));
    }
    if (wanted.offset > view.highWatermark()) {
      return askOwner(wanted);
    }
    BatchGathering gathering =
        new BatchGathering(
            wanted.offset, view.highWatermark(), wanted.bytesMax, wanted.atLeastOneBatch);
    if (wanted.offset == view.highWatermark() || gathering.isFull()) {
      return CompletableFuture.completedFuture(outcome(wanted, view, gathering));
    }
    if (view.hasInMemory(wanted.offset)) {
      return gather(new Reading(wanted, view, renewals, gathering), view.entries());
    }
    return resources
        .pages()
        .find(wanted.partition, view.paged(), wanted.offset, Long.MIN_VALUE)
        .thenCompose(
            page ->
                switch (page) {
                  case PageOutcome.Entries(var entries) when !entries.isEmpty() ->
                      gather(new Reading(wanted, view, renewals, gathering), EntryList.of(entries));
                  case PageOutcome.Entries _ -> again(wanted, renewals);
                  case PageOutcome.Unavailable(Throwable cause) -> {
                    LOG.warn("An index page of {} could not be read", wanted.partition, cause);
                    yield again(wanted, renewals);
                  }
                });
  }

  /** What is at or beyond the view's end may be there all the same: only the owner knows. */
  private CompletionStage<ReadOutcome> askOwner(Wanted wanted) {
    return views
        .latest(wanted.partition)
        .thenApply(
            latest ->
                latest.map(marks -> beyond(wanted, marks)).orElseGet(ReadOutcome.Unavailable::new));
  }

  private static ReadOutcome beyond(Wanted wanted, Watermarks marks) {
    boolean exists =
        wanted.offset >= marks.logStartOffset() && wanted.offset <= marks.highWatermark();
    return exists
        ? new ReadOutcome.Read(BatchBuffers.EMPTY, marks.highWatermark(), marks.logStartOffset())
        : new ReadOutcome.OutOfRange(marks.logStartOffset(), marks.highWatermark());
  }

  /** Takes what is in memory without a gap; waits only when that is nothing. */
  private CompletionStage<ReadOutcome> gather(Reading reading, EntryList entries) {
    int first = entries.indexOf(reading.wanted.offset);
    int next = first;
    try {
      next = gatherFromMemory(reading, entries, first);
    } catch (DamagedException damage) {
      return damaged(reading, damage);
    }
    readAhead(entries, next);
    if (next > first || !reading.needs(entries, next)) {
      return CompletableFuture.completedFuture(
          outcome(reading.wanted, reading.view, reading.gathering));
    }
    return load(reading, entries, first);
  }

  /** The index of the first entry that was not looked at. */
  private int gatherFromMemory(Reading reading, EntryList entries, int first) {
    int next = first;
    while (reading.needs(entries, next)) {
      IndexEntry entry = entries.get(next);
      Optional<Block> block = resources.cache().ifPresent(entry.object());
      if (block.isEmpty()) {
        break;
      }
      reading.gathering.add(entry, block.get());
      next++;
    }
    return next;
  }

  private CompletionStage<ReadOutcome> load(Reading reading, EntryList entries, int first) {
    List<CompletableFuture<BlockOutcome>> missing = new ArrayList<>();
    long bytes = 0;
    for (int i = first;
        i < entries.size()
            && missing.size() < Readahead.OBJECTS_A_READ
            && (i == first || bytes < reading.wanted.bytesMax);
        i++) {
      IndexEntry entry = entries.get(i);
      bytes += entry.lengthBytes();
      missing.add(loads.load(entry.object()).toCompletableFuture());
    }
    return CompletableFuture.allOf(missing.toArray(CompletableFuture[]::new))
        .thenCompose(_ -> gatherLoaded(reading, entries, first, missing));
  }

  private CompletionStage<ReadOutcome> gatherLoaded(
      Reading reading, EntryList entries, int first, List<CompletableFuture<BlockOutcome>> loaded) {
    try {
      for (int i = 0; i < loaded.size() && reading.needs(entries, first + i); i++) {
        if (!(loaded.get(i).join() instanceof BlockOutcome.Found(Block block))) {
          break;
        }
        reading.gathering.add(entries.get(first + i), block);
      }
    } catch (DamagedException damage) {
      return damaged(reading, damage);
    }
    Wanted wanted = reading.wanted;
    return switch (loaded.getFirst().join()) {
      case BlockOutcome.Found _ ->
          CompletableFuture.completedFuture(outcome(wanted, reading.view, reading.gathering));
      case BlockOutcome.Absent _ -> {
        LOG.warn(
            "Object {} of {} is gone: its index is asked for again",
            entries.get(first).object(),
            wanted.partition);
        yield again(wanted, reading.renewals);
      }
      case BlockOutcome.Unknown(Throwable cause) -> {
        LOG.warn("Object {} could not be read", entries.get(first).object(), cause);
        yield unavailable();
      }
    };
  }

  private void readAhead(EntryList entries, int next) {
    List<FlushId> ahead = Readahead.of(entries, next, resources.cache());
    if (!ahead.isEmpty()) {
      loads.readAhead(ahead);
    }
  }

  /** The index named something that is not there: it may have been replaced. */
  private CompletionStage<ReadOutcome> again(Wanted wanted, int renewals) {
    return renewals < RENEWALS_MAX
        ? views.renewed(wanted.partition).thenCompose(fresh -> read(wanted, fresh, renewals + 1))
        : unavailable();
  }

  private static CompletionStage<ReadOutcome> damaged(Reading reading, DamagedException damage) {
    LOG.error("{} cannot be read", reading.wanted.partition, damage);
    return unavailable();
  }

  private static CompletionStage<ReadOutcome> unavailable() {
    return CompletableFuture.completedFuture(new ReadOutcome.Unavailable());
  }

  private ReadOutcome outcome(Wanted wanted, PartitionView view, BatchGathering gathering) {
    return new ReadOutcome.Read(
        gathering.batches(),
        views.show(wanted.partition, view.highWatermark()),
        view.logStartOffset());
  }

  private record Wanted(
      PartitionId partition, long offset, int bytesMax, boolean atLeastOneBatch) {}

  private record Reading(
      Wanted wanted, PartitionView view, int renewals, BatchGathering gathering) {
    boolean needs(EntryList entries, int index) {
      return !gathering.isFull()
          && index < entries.size()
          && entries.get(index).baseOffset() < view.highWatermark();
    }
  }
}
