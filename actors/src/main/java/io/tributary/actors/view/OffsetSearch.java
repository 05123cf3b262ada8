package io.tributary.actors.view;

import io.tributary.actors.view.OffsetOutcome.Found;
import io.tributary.persistence.cache.BlockOutcome;
import io.tributary.persistence.cache.PageOutcome;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds offsets by timestamp: the index says which slices may hold the record, the records inside
 * say which it is. Timestamps need not rise with offsets.
 */
final class OffsetSearch {
  private static final Logger LOG = LoggerFactory.getLogger(OffsetSearch.class);

  private final ReadResources resources;
  private final BlockLoads loads;

  OffsetSearch(ReadResources resources, BlockLoads loads) {
    this.resources = resources;
    this.loads = loads;
  }

  /** The answer by what {@code view} knows. Never fails. */
  CompletionStage<Answer> find(PartitionId partition, PartitionView view, OffsetQuery query) {
    Search search = new Search(partition, view);
    return switch (query) {
      case OffsetQuery.Earliest _ ->
          answered(new Found(view.logStartOffset(), OffsetOutcome.NO_TIMESTAMP));
      case OffsetQuery.Latest _ ->
          answered(new Found(view.highWatermark(), OffsetOutcome.NO_TIMESTAMP));
      case OffsetQuery.AtTimestamp(long timestampMs) ->
          search.firstFrom(timestampMs, view.logStartOffset());
      case OffsetQuery.MaxTimestamp _ -> search.largest(view.logStartOffset());
    };
  }

  /** What a search comes to. */
  sealed interface Answer {
    record Known(OffsetOutcome outcome) implements Answer {}

    /** The index names what is not there: it must be asked for again. */
    record IndexOutdated() implements Answer {}
  }

  private static CompletionStage<Answer> answered(OffsetOutcome outcome) {
    return CompletableFuture.completedFuture(new Answer.Known(outcome));
  }

  private final class Search {
    private final PartitionId partition;
    private final PartitionView view;

    Search(PartitionId partition, PartitionView view) {
      this.partition = partition;
      this.view = view;
    }

    CompletionStage<Answer> firstFrom(long timestampMs, long fromOffset) {
      return resources
          .pages()
          .find(partition, view.paged(), fromOffset, timestampMs)
          .thenCompose(
              paged ->
                  withEntry(
                      paged,
                      () -> firstInMemory(timestampMs, fromOffset),
                      entry -> firstIn(entry, timestampMs)));
    }

    private CompletionStage<Answer> firstIn(IndexEntry entry, long timestampMs) {
      return records(entry, timestamps -> timestamps.firstFrom(timestampMs))
          .thenCompose(
              answer ->
                  answer instanceof Answer.Known(OffsetOutcome.None())
                      ? firstFrom(timestampMs, entry.nextOffset())
                      : CompletableFuture.completedFuture(answer));
    }

    CompletionStage<Answer> largest(long fromOffset) {
      return resources
          .pages()
          .findLargestTimestamp(partition, view.paged(), fromOffset)
          .thenCompose(
              paged -> {
                Optional<IndexEntry> inMemory = largestInMemory(fromOffset);
                return withEntry(
                    paged,
                    () -> inMemory,
                    entry ->
                        largestIn(
                            inMemory
                                .filter(newer -> newer.maxTimestampMs() > entry.maxTimestampMs())
                                .orElse(entry)));
              });
    }

    private CompletionStage<Answer> largestIn(IndexEntry entry) {
      CompletionStage<Answer> inside = records(entry, RecordTimestamps::largest);
      if (entry.baseOffset() >= view.logStartOffset()) {
        return inside;
      }
      // Its largest record may be one of those deleted, so the rest of the log has a say.
      return inside.thenCombine(largest(entry.nextOffset()), Search::largerOf);
    }

    private static Answer largerOf(Answer earlier, Answer later) {
      if (earlier instanceof Answer.Known(Found(_, long earlierMs))
          && later instanceof Answer.Known(Found(_, long laterMs))) {
        return laterMs > earlierMs ? later : earlier;
      }
      return later instanceof Answer.Known(OffsetOutcome.None()) ? earlier : later;
    }

    private CompletionStage<Answer> withEntry(
        PageOutcome paged,
        Supplier<Optional<IndexEntry>> inMemory,
        Function<IndexEntry, CompletionStage<Answer>> then) {
      return switch (paged) {
        case PageOutcome.Entries(List<IndexEntry> entries) ->
            (entries.isEmpty() ? inMemory.get() : Optional.of(entries.getFirst()))
                .map(then)
                .orElseGet(() -> answered(new OffsetOutcome.None()));
        case PageOutcome.Unavailable(Throwable cause) -> {
          LOG.warn("An index page of {} could not be read", partition, cause);
          yield CompletableFuture.completedFuture(new Answer.IndexOutdated());
        }
      };
    }

    private Optional<IndexEntry> firstInMemory(long timestampMs, long fromOffset) {
      EntryList entries = view.entries();
      for (int i = entries.indexOf(fromOffset); i < entries.size(); i++) {
        if (entries.get(i).maxTimestampMs() >= timestampMs) {
          return Optional.of(entries.get(i));
        }
      }
      return Optional.empty();
    }

    private Optional<IndexEntry> largestInMemory(long fromOffset) {
      EntryList entries = view.entries();
      Optional<IndexEntry> largest = Optional.empty();
      for (int i = entries.indexOf(fromOffset); i < entries.size(); i++) {
        IndexEntry entry = entries.get(i);
        if (largest.isEmpty() || entry.maxTimestampMs() > largest.get().maxTimestampMs()) {
          largest = Optional.of(entry);
        }
      }
      return largest;
    }

    private CompletionStage<Answer> records(
        IndexEntry entry, Function<RecordTimestamps, Optional<Found>> look) {
      return loads
          .load(entry.object())
          .thenApplyAsync(outcome -> look(entry, outcome, look), resources.decoding())
          .exceptionally(
              failure -> {
                LOG.error("Records of {} cannot be read", partition, failure);
                return new Answer.Known(new OffsetOutcome.Unavailable());
              });
    }

    private Answer look(
        IndexEntry entry, BlockOutcome outcome, Function<RecordTimestamps, Optional<Found>> look) {
      return switch (outcome) {
        case BlockOutcome.Found(var block) -> {
          RecordTimestamps timestamps =
              new RecordTimestamps(
                  entry,
                  block.range(entry.position(), entry.lengthBytes()),
                  view.logStartOffset(),
                  view.highWatermark());
          yield new Answer.Known(
              look.apply(timestamps)
                  .<OffsetOutcome>map(found -> found)
                  .orElseGet(OffsetOutcome.None::new));
        }
        case BlockOutcome.Absent _ -> new Answer.IndexOutdated();
        case BlockOutcome.Unknown(Throwable cause) -> {
          LOG.warn("Object {} could not be read", entry.object(), cause);
          yield new Answer.Known(new OffsetOutcome.Unavailable());
        }
      };
    }
  }
}
