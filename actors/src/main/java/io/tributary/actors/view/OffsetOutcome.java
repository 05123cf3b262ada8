package io.tributary.actors.view;

/** What became of one {@link OffsetQuery}. */
public sealed interface OffsetOutcome {
  /** For queries that speak of no record. */
  long NO_TIMESTAMP = -1;

  /**
   * There is such an offset.
   *
   * @param timestampMs of the record that was looked for; {@value #NO_TIMESTAMP} for log start and
   *     high watermark
   */
  record Found(long offset, long timestampMs) implements OffsetOutcome {}

  /** No record is as asked for. */
  record None() implements OffsetOutcome {}

  /** Nothing trustworthy is known now: try again. */
  record Unavailable() implements OffsetOutcome {}
}
