package io.tributary.persistence.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.DamagedException;
import io.tributary.persistence.format.IntakeFooter;
import io.tributary.persistence.format.IntakeObjectFormat;
import io.tributary.persistence.format.IntakeObjectFormat.FooterRead;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Footers of intake objects, for the recovery of shards: the shards of a node need the same
 * objects' footers at the same time, each its own part of them. One a node; may be called from any
 * thread.
 */
public final class FooterCache {
  /** About what one batch's facts, or one slice, take on the heap. */
  private static final int FACTS_BYTES = 56;

  private final ObjectStore store;
  private final ShardCounts counts;
  private final AsyncCache<FlushId, Footer> footers;

  /**
   * @param bytesMax of heap, about
   */
  public FooterCache(ObjectStore store, ShardCounts counts, long bytesMax) {
    this.store = store;
    this.counts = counts;
    this.footers =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((FlushId _, Footer footer) -> footer.heapBytes())
            .executor(Runnable::run)
            .buildAsync();
  }

  /**
   * The slices of {@code shard}'s partitions in an object. A footer that could not be read is not
   * remembered.
   *
   * @return never fails; completes on a thread of the store's, or at once
   */
  public CompletionStage<FooterOutcome> slices(FlushId object, ShardId shard) {
    CompletableFuture<Footer> footer = footers.get(object, (key, _) -> load(key));
    return footer
        .whenComplete(
            (loaded, _) -> {
              if (!(loaded instanceof Footer.Read)) {
                footers.asMap().remove(object, footer);
              }
            })
        .thenApply(
            loaded ->
                switch (loaded) {
                  case Footer.Read(Map<ShardId, List<PartitionSlice>> slices, _) ->
                      new FooterOutcome.Found(slices.getOrDefault(shard, List.of()));
                  case Footer.Unread(FooterOutcome outcome) -> outcome;
                });
  }

  private CompletableFuture<Footer> load(FlushId object) {
    return loadSuffix(object, IntakeObjectFormat.SUFFIX_BYTES)
        .exceptionally(failure -> new Footer.Unread(new FooterOutcome.Unknown(failure)))
        .toCompletableFuture();
  }

  private CompletionStage<Footer> loadSuffix(FlushId object, int suffixBytes) {
    ObjectKey key = ObjectNames.intake(object);
    return store
        .getSuffix(key, suffixBytes)
        .thenCompose(
            outcome ->
                switch (outcome) {
                  case GetOutcome.Found(Bytes suffix, long objectBytes) -> {
                    FooterRead read;
                    try {
                      read =
                          IntakeObjectFormat.readFooter(key.value(), object, suffix, objectBytes);
                    } catch (DamagedException damaged) {
                      yield unread(new FooterOutcome.Damaged(damaged));
                    }
                    yield switch (read) {
                      case FooterRead.Complete(IntakeFooter footer) ->
                          CompletableFuture.completedFuture(byShard(footer));
                      case FooterRead.NeedsSuffix(int neededBytes) ->
                          loadSuffix(object, neededBytes);
                    };
                  }
                  case GetOutcome.Absent _ -> unread(new FooterOutcome.Absent());
                  case GetOutcome.Unknown(Throwable cause) ->
                      unread(new FooterOutcome.Unknown(cause));
                });
  }

  private static CompletionStage<Footer> unread(FooterOutcome outcome) {
    return CompletableFuture.completedFuture(new Footer.Unread(outcome));
  }

  private Footer byShard(IntakeFooter footer) {
    Map<ShardId, List<PartitionSlice>> slices = new HashMap<>();
    int facts = 1;
    for (PartitionSlice slice : footer.slices()) {
      slices.computeIfAbsent(counts.shardOf(slice.partition()), _ -> new ArrayList<>()).add(slice);
      facts += 2 + slice.batches().size();
    }
    return new Footer.Read(slices, facts * FACTS_BYTES);
  }

  private sealed interface Footer {
    int heapBytes();

    record Read(Map<ShardId, List<PartitionSlice>> slices, int heapBytes) implements Footer {}

    record Unread(FooterOutcome outcome) implements Footer {
      @Override
      public int heapBytes() {
        return FACTS_BYTES;
      }
    }
  }
}
