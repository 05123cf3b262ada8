package io.tributary.actors.view;

/** What became of one read. */
public sealed interface ReadOutcome {
  /**
   * The partition was there to read.
   *
   * @param batches empty at the end of the log, or when the first batch does not fit
   * @param highWatermark the first offset that cannot be read yet; also the last stable offset
   */
  record Read(BatchBuffers batches, long highWatermark, long logStartOffset)
      implements ReadOutcome {}

  /**
   * The partition has no such offset: above the log by the word of its owner, below it by what this
   * node knows, for a log start never goes back.
   */
  record OutOfRange(long logStartOffset, long highWatermark) implements ReadOutcome {}

  /** Nothing trustworthy is known now, or the bytes could not be had: try again. */
  record Unavailable() implements ReadOutcome {}
}
