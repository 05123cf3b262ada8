package io.tributary.persistence.model;

/** A batch of a slice that is not in the log at the place where it stands: readers skip it. */
public sealed interface BatchException {
  /** Index of the batch in its slice, from 0. */
  int batch();

  /**
   * A repetition.
   *
   * @param baseOffset of the batch's first appearance
   */
  record Duplicate(int batch, long baseOffset) implements BatchException {}

  record Refused(int batch, Refusal reason) implements BatchException {}
}
