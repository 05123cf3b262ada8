package io.tributary.actors.partition;

import io.tributary.persistence.model.BatchFacts;

/** Facts of batches, by what matters to a test. */
public final class Batches {
  public static final int SIZE_BYTES = 100;

  private Batches() {}

  public static BatchFacts plain(int records) {
    return new BatchFacts(SIZE_BYTES, records, (short) 0, 1_000, -1, (short) -1, -1);
  }

  public static BatchFacts at(int records, long maxTimestampMs) {
    return new BatchFacts(SIZE_BYTES, records, (short) 0, maxTimestampMs, -1, (short) -1, -1);
  }

  public static BatchFacts of(long producerId, int epoch, int baseSequence, int records) {
    return new BatchFacts(
        SIZE_BYTES, records, (short) 0, 1_000, producerId, (short) epoch, baseSequence);
  }
}
