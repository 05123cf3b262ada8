package io.tributary.actors.intake;

import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.PartitionId;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** The front door of the write path. */
public interface LogWriter {
  /** The largest batch: it must fit into an intake object. */
  int BATCH_BYTES_MAX = 32 * 1024 * 1024;

  /**
   * Appends one validated record batch (magic 2). Batches of one caller thread to one partition are
   * sequenced in the order of these calls.
   *
   * @param batch view, at most {@value #BATCH_BYTES_MAX} bytes: copied before this method returns;
   *     its position does not move
   * @return completes when the batch is durable and sequenced, provably refused, or undecided for
   *     longer than a client should wait after the upload; never fails. Completes on the intake's
   *     loop: a callback must hop to its own thread before it does any work
   */
  CompletionStage<AppendOutcome> append(PartitionId partition, ByteBuffer batch, BatchFacts facts);
}
