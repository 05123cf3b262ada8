package io.tributary.actors.shard;

import io.tributary.persistence.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The rules and the state of one owned shard, from one acquisition to the next; a new acquisition
 * builds a new one. Confined to the shard's event loop. The runtime calls {@link #restore}, then
 * {@link #replay} once, then {@link #onServing}, then {@link #onRequest} as requests come.
 *
 * @param <Q> requests
 * @param <A> answers
 */
public interface ShardLogic<Q, A> {
  /**
   * Restores the state of a checkpoint root that {@link #checkpoint} once gave; empty for a new
   * shard.
   */
  CompletionStage<Void> restore(Optional<Bytes> checkpointRoot);

  /**
   * Applies, in this order, the records above the checkpoint that were once given to {@link
   * Journal#append}. All at once, so that what they name can be fetched side by side; their number
   * is bounded by the checkpoints. Called also when there are none.
   */
  CompletionStage<Void> replay(List<Bytes> records);

  /** Recovered and owned: from here on it may journal and answer. */
  void onServing();

  /**
   * @param reply takes one answer, on the shard's loop; an answer after {@link #onStopped} goes
   *     nowhere
   */
  void onRequest(Q request, Consumer<A> reply);

  /**
   * The state with every record appended so far, also those not yet committed. The stage writes
   * what must be written before the root (immutable pages); its value is the new root (one byte or
   * more). The runtime publishes the root only after the last record it was asked to cover has been
   * committed.
   *
   * <p>The state may be that of a later moment, between two records: then {@link #replay} will be
   * given records that the root covers, and must leave them alone. What only such a root has of a
   * record is durable by the root's publishing, which is fenced like a commit.
   */
  CompletionStage<Bytes> checkpoint();

  /** Ownership is lost or given up. Nothing may be answered as success after this. */
  void onStopped();
}
