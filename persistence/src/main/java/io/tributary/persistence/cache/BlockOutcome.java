package io.tributary.persistence.cache;

/** What became of looking for a block. */
public sealed interface BlockOutcome {
  record Found(Block block) implements BlockOutcome {}

  /** The store says that there is no such object. */
  record Absent() implements BlockOutcome {}

  record Unknown(Throwable cause) implements BlockOutcome {}
}
