package io.tributary.actors.simulation;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.PartitionId;
import java.nio.ByteBuffer;

/**
 * A batch that a model producer wants in the log. Its bytes are those of a record batch, as far as
 * anything looks at them, and say who sent them and when.
 *
 * @param number counts the producer's batches of one epoch, from 0
 */
record ModelBatch(
    PartitionId partition,
    Producer producer,
    short epoch,
    int number,
    int baseSequence,
    int records) {
  private static final int HEADER_BYTES = 61;
  private static final int IDENTITY_BYTES = 32;
  private static final int LENGTH_AT = 8;
  private static final int BEFORE_LENGTH_COUNTS = 12;
  private static final int LAST_OFFSET_DELTA_AT = 23;
  private static final int MAX_TIMESTAMP_AT = 35;
  private static final long TIMESTAMP_MS = 1_700_000_000_000L;

  record Producer(long id, boolean idempotent) {}

  /**
   * One sending of a batch.
   *
   * @param connection unique in the simulation; ends with the first broken request
   * @param order among the requests of the connection
   */
  record Attempt(long producer, int epoch, int number, int attempt, int connection, int order) {
    boolean isOf(ModelBatch batch) {
      return producer == batch.producer.id && epoch == batch.epoch && number == batch.number;
    }
  }

  Attempt attempt(int attempt, int connection, int order) {
    return new Attempt(producer.id, epoch, number, attempt, connection, order);
  }

  ByteBuffer bytes(Attempt attempt) {
    int filler = number % 7 * 11;
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + IDENTITY_BYTES + filler);
    bytes.putInt(LENGTH_AT, bytes.capacity() - BEFORE_LENGTH_COUNTS);
    bytes.putInt(LAST_OFFSET_DELTA_AT, records - 1);
    bytes.putLong(MAX_TIMESTAMP_AT, TIMESTAMP_MS + number);
    bytes.position(HEADER_BYTES);
    bytes.putLong(attempt.producer).putInt(attempt.epoch).putInt(attempt.number);
    bytes.putInt(attempt.attempt).putInt(attempt.connection).putInt(attempt.order);
    return bytes.rewind();
  }

  BatchFacts facts(int sizeBytes) {
    return new BatchFacts(
        sizeBytes,
        records,
        (short) 0,
        TIMESTAMP_MS + number,
        producer.idempotent ? producer.id : BatchFacts.NO_PRODUCER,
        producer.idempotent ? epoch : -1,
        producer.idempotent ? baseSequence : -1);
  }

  /** Who sent these bytes. */
  static Attempt read(Bytes batch) {
    ByteBuffer identity = batch.slice(HEADER_BYTES, IDENTITY_BYTES).asByteBuffer();
    return new Attempt(
        identity.getLong(),
        identity.getInt(),
        identity.getInt(),
        identity.getInt(),
        identity.getInt(),
        identity.getInt());
  }
}
