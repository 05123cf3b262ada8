package io.tributary.actors.intake;

import io.tributary.persistence.model.Refusal;
import java.util.concurrent.CompletionStage;

/** What became of one batch. */
public sealed interface AppendOutcome {
  /**
   * Durable, at its offset. A repeated idempotent batch answers with the offset of its first
   * appearance.
   */
  record Appended(long baseOffset, long logStartOffset) implements AppendOutcome {}

  /** Decided against: the batch is not in the log and never will be. */
  record Refused(Refusal reason) implements AppendOutcome {}

  /**
   * No decision in time. The batch may still be appended; the client must retry.
   *
   * @param decided completes when the work that goes on has ended; until then the batch stays in
   *     memory
   */
  record Undecided(CompletionStage<?> decided) implements AppendOutcome {}
}
