package io.tributary.persistence.model;

/**
 * What the log must know of one record batch without its bytes. Kept in an intake object's footer.
 *
 * @param sizeBytes whole batch, header included
 * @param records number of offsets the batch takes, 1 or more
 * @param attributes the batch header's attribute bits (compression, timestamp type, transactional,
 *     control)
 * @param maxTimestampMs largest record timestamp, milliseconds since the epoch; -1 when none
 * @param producerId -1 when the producer is not idempotent
 * @param producerEpoch -1 when the producer is not idempotent
 * @param baseSequence -1 when the producer is not idempotent
 */
public record BatchFacts(
    int sizeBytes,
    int records,
    short attributes,
    long maxTimestampMs,
    long producerId,
    short producerEpoch,
    int baseSequence) {
  public static final long NO_PRODUCER = -1;

  public boolean isIdempotent() {
    return producerId != NO_PRODUCER;
  }

  /** The sequence of the last record; sequences wrap from {@link Integer#MAX_VALUE} to 0. */
  public int lastSequence() {
    return (int) ((baseSequence + (long) records - 1) & Integer.MAX_VALUE);
  }
}
