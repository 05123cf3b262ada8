package io.tributary.persistence.model;

import java.util.List;

/** What was decided about one slice of an intake object. */
public sealed interface SliceDecision {
  /**
   * The slice's batches take dense offsets, but for the exceptions.
   *
   * @param baseOffset of the first batch that is no exception; the partition's next offset when all
   *     are
   * @param exceptions ascending by batch
   */
  record Sequenced(long baseOffset, List<BatchException> exceptions) implements SliceDecision {
    public Sequenced {
      exceptions = List.copyOf(exceptions);
    }
  }

  /** The partition's topic was deleted: none of the batches is in any log. */
  record UnknownPartition() implements SliceDecision {}
}
