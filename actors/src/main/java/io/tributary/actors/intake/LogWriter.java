package io.tributary.actors.intake;

import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.PartitionId;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** The front door of the write path. */
public interface LogWriter {
  /**
   * Appends one validated record batch (magic 2). Batches of one caller thread to one partition are
   * sequenced in the order of these calls.
   *
   * @param batch view: copied before this method returns
   * @return completes when the batch is durable and sequenced, provably refused, or undecided for
   *     longer than a client should wait after the upload; never fails. Completes on the intake's
   *     loop: a callback must hop to its own thread before it does any work
   */
  CompletionStage<AppendOutcome> append(PartitionId partition, ByteBuffer batch, BatchFacts facts);
}
