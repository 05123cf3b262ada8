package io.tributary.actors.partition;

import io.tributary.persistence.model.Refusal;

/** What became of one batch. */
public sealed interface BatchResult {
  /** In the log, at this offset; for a repeated batch the offset of its first appearance. */
  record Appended(long baseOffset, long logStartOffset) implements BatchResult {}

  record Refused(Refusal reason) implements BatchResult {}
}
