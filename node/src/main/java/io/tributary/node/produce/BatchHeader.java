package io.tributary.node.produce;

import io.tributary.persistence.model.BatchFacts;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.TimestampType;

/**
 * The header of a record batch of magic 2, read where it stands. Source: Kafka's protocol guide,
 * "Record Batch".
 */
final class BatchHeader {
  static final int BYTES = 61;

  private static final int CRC_AT = 17;
  private static final int ATTRIBUTES_AT = 21;
  private static final int LAST_OFFSET_DELTA_AT = 23;
  private static final int BASE_TIMESTAMP_AT = 27;
  private static final int MAX_TIMESTAMP_AT = 35;
  private static final int PRODUCER_ID_AT = 43;
  private static final int PRODUCER_EPOCH_AT = 51;
  private static final int BASE_SEQUENCE_AT = 53;
  private static final int RECORDS_AT = 57;

  private static final int COMPRESSION_BITS = 0x07;
  private static final int LOG_APPEND_TIME_BIT = 0x08;
  private static final int TRANSACTIONAL_BIT = 0x10;
  private static final int CONTROL_BIT = 0x20;

  private final ByteBuffer batch;
  private final int start;

  /**
   * @param batch one batch of at least {@value #BYTES} bytes, from its position to its limit
   */
  BatchHeader(ByteBuffer batch) {
    this.batch = batch;
    this.start = batch.position();
  }

  int sizeBytes() {
    return batch.limit() - start;
  }

  /** The records' bytes, compressed or not. */
  ByteBuffer payload() {
    return batch.slice(start + BYTES, sizeBytes() - BYTES);
  }

  long baseOffset() {
    return batch.getLong(start);
  }

  long storedCrc() {
    return batch.getInt(start + CRC_AT) & 0xFFFF_FFFFL;
  }

  long computedCrc() {
    CRC32C crc = new CRC32C();
    crc.update(batch.slice(start + ATTRIBUTES_AT, sizeBytes() - ATTRIBUTES_AT));
    return crc.getValue();
  }

  short attributes() {
    return batch.getShort(start + ATTRIBUTES_AT);
  }

  /** 0 to 7; those from 5 on mean nothing. */
  int compressionId() {
    return attributes() & COMPRESSION_BITS;
  }

  TimestampType timestampType() {
    return (attributes() & LOG_APPEND_TIME_BIT) == 0
        ? TimestampType.CREATE_TIME
        : TimestampType.LOG_APPEND_TIME;
  }

  boolean isTransactional() {
    return (attributes() & TRANSACTIONAL_BIT) != 0;
  }

  boolean isControl() {
    return (attributes() & CONTROL_BIT) != 0;
  }

  int lastOffsetDelta() {
    return batch.getInt(start + LAST_OFFSET_DELTA_AT);
  }

  long baseTimestampMs() {
    return batch.getLong(start + BASE_TIMESTAMP_AT);
  }

  long maxTimestampMs() {
    return batch.getLong(start + MAX_TIMESTAMP_AT);
  }

  boolean hasProducer() {
    return producerId() != BatchFacts.NO_PRODUCER;
  }

  long producerId() {
    return batch.getLong(start + PRODUCER_ID_AT);
  }

  short producerEpoch() {
    return batch.getShort(start + PRODUCER_EPOCH_AT);
  }

  int baseSequence() {
    return batch.getInt(start + BASE_SEQUENCE_AT);
  }

  int records() {
    return batch.getInt(start + RECORDS_AT);
  }

  BatchFacts facts() {
    return hasProducer()
        ? new BatchFacts(
            sizeBytes(),
            records(),
            attributes(),
            maxTimestampMs(),
            producerId(),
            producerEpoch(),
            baseSequence())
        : new BatchFacts(
            sizeBytes(),
            records(),
            attributes(),
            maxTimestampMs(),
            BatchFacts.NO_PRODUCER,
            (short) -1,
            -1);
  }

  /** A copy on the heap that says these timestamps, with the checksum to match. */
  ByteBuffer copyWith(TimestampType timestampType, long maxTimestampMs) {
    ByteBuffer copy = ByteBuffer.allocate(sizeBytes());
    copy.put(0, batch, start, sizeBytes());
    int attributes =
        timestampType == TimestampType.LOG_APPEND_TIME
            ? attributes() | LOG_APPEND_TIME_BIT
            : attributes() & ~LOG_APPEND_TIME_BIT;
    copy.putShort(ATTRIBUTES_AT, (short) attributes);
    copy.putLong(MAX_TIMESTAMP_AT, maxTimestampMs);
    copy.putInt(CRC_AT, (int) new BatchHeader(copy).computedCrc());
    return copy;
  }
}
