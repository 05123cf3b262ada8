package io.tributary.persistence.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.objects.ObjectStore;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Whole intake objects, weighed by their bytes. The intake puts what it uploads, so that a tailing
 * read never touches the store; readers of the same missing object share one GET. One a node; may
 * be called from any thread.
 */
public final class BlockCache {
  private final ObjectStore store;
  private final AsyncCache<FlushId, BlockOutcome> blocks;

  /**
   * @param bytesMax of all blocks together; a block larger than that is not kept
   */
  public BlockCache(ObjectStore store, long bytesMax) {
    this.store = store;
    this.blocks =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((FlushId _, BlockOutcome outcome) -> weight(outcome))
            .executor(Runnable::run)
            .buildAsync();
  }

  /**
   * @param parts of the whole object, header and footer included
   */
  public void put(FlushId object, List<Bytes> parts) {
    blocks.put(object, CompletableFuture.completedFuture(new BlockOutcome.Found(new Block(parts))));
  }

  /** The block if it is in memory now. */
  public Optional<Block> ifPresent(FlushId object) {
    CompletableFuture<BlockOutcome> known = blocks.getIfPresent(object);
    return known != null
            && known.isDone()
            && known.join() instanceof BlockOutcome.Found(Block block)
        ? Optional.of(block)
        : Optional.empty();
  }

  /**
   * The block, from memory or by one GET of the whole object. What is not found is not remembered.
   *
   * @return never fails; completes on a thread of the store's, or at once
   */
  public CompletionStage<BlockOutcome> get(FlushId object) {
    CompletableFuture<BlockOutcome> outcome = blocks.get(object, (key, _) -> load(key));
    return outcome.whenComplete(
        (loaded, _) -> {
          if (!(loaded instanceof BlockOutcome.Found)) {
            blocks.asMap().remove(object, outcome);
          }
        });
  }

  private CompletableFuture<BlockOutcome> load(FlushId object) {
    return store
        .get(ObjectNames.intake(object))
        .<BlockOutcome>handle(
            (outcome, failure) ->
                failure != null ? new BlockOutcome.Unknown(failure) : toBlock(outcome))
        .toCompletableFuture();
  }

  private static BlockOutcome toBlock(GetOutcome outcome) {
    return switch (outcome) {
      case GetOutcome.Found(Bytes bytes, _) -> new BlockOutcome.Found(new Block(List.of(bytes)));
      case GetOutcome.Absent _ -> new BlockOutcome.Absent();
      case GetOutcome.Unknown(Throwable cause) -> new BlockOutcome.Unknown(cause);
    };
  }

  private static int weight(BlockOutcome outcome) {
    return outcome instanceof BlockOutcome.Found(Block block) ? block.lengthBytes() : 1;
  }
}
