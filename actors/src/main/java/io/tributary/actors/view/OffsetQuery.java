package io.tributary.actors.view;

/** Which offset of a partition is wanted. */
public sealed interface OffsetQuery {
  /** The log start. */
  record Earliest() implements OffsetQuery {}

  /** The high watermark, by the word of the partition's owner. */
  record Latest() implements OffsetQuery {}

  /** The first record, in offset order, whose timestamp is {@code timestampMs} or later. */
  record AtTimestamp(long timestampMs) implements OffsetQuery {}

  /** The first of the records with the largest timestamp. */
  record MaxTimestamp() implements OffsetQuery {}
}
