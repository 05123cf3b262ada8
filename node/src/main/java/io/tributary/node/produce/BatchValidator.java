package io.tributary.node.produce;

import io.tributary.node.produce.BatchVerdict.Accepted;
import io.tributary.node.produce.BatchVerdict.Rejected;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a batch may enter the log, by the rules of Kafka's {@code UnifiedLog} and {@code
 * LogValidator} for magic 2, in their order. One a thread.
 *
 * <p>Differs where Kafka would let the log go wrong: an uncompressed batch whose records do not
 * count 0, 1, 2 is rebuilt, as Kafka does with compressed ones; a producer with a negative id or
 * epoch is refused; and what Kafka answers with UNKNOWN_SERVER_ERROR is an invalid record.
 */
final class BatchValidator {
  private static final long NO_TIMESTAMP = -1;
  private static final int COMPRESSION_ID_MAX = CompressionType.ZSTD.id;

  private final BufferSupplier buffers;

  /**
   * @param buffers of the calling thread
   */
  BatchValidator(BufferSupplier buffers) {
    this.buffers = buffers;
  }

  /** Whether validating only reads each byte once: fit for an event loop. */
  static boolean isCheap(ByteBuffer batch, BatchRules rules) {
    return batch.remaining() < BatchHeader.BYTES
        || (new BatchHeader(batch).compressionId() == CompressionType.NONE.id
            && rules.targetOf(CompressionType.NONE).type() == CompressionType.NONE);
  }

  /**
   * @param batch view of one whole batch of magic 2, as its length field says; its position does
   *     not move
   * @param nowMs wall clock
   */
  BatchVerdict validate(ByteBuffer batch, BatchRules rules, long nowMs) {
    Rejected whole = checkBatch(batch, rules);
    if (whole != null) {
      return whole;
    }
    BatchHeader header = new BatchHeader(batch);
    CompressionType source = CompressionType.forId(header.compressionId());
    RecordWalk walk;
    try {
      walk = walk(header, source, rules, nowMs);
    } catch (MalformedRecordsException malformed) {
      return new Rejected(
          malformed.error(), malformed.getMessage() + " in topic partition " + rules.partition());
    }
    if (walk.error() != Errors.NONE) {
      return recordErrors(walk);
    }
    ByteBuffer accepted;
    if (walk.isSequential() && rules.targetOf(source).type() == source) {
      accepted = inPlace(header, batch, rules, walk.maxTimestampMs(), nowMs);
    } else if (walk.recordBytes() > BatchRebuild.INFLATED_BYTES_MAX) {
      return tooLarge(walk.recordBytes(), BatchRebuild.INFLATED_BYTES_MAX, rules);
    } else {
      accepted = new BatchRebuild(header, rules, buffers).rebuild(batch, nowMs);
      if (accepted.remaining() > rules.bytesMax()) {
        return tooLarge(accepted.remaining(), rules.bytesMax(), rules);
      }
    }
    if (accepted.remaining() > rules.segmentBytes()) {
      return new Rejected(
          Errors.RECORD_LIST_TOO_LARGE,
          "Message batch size is %d bytes in append to partition %s, which exceeds the maximum configured segment size of %d."
              .formatted(accepted.remaining(), rules.partition(), rules.segmentBytes()));
    }
    boolean logAppendTime = rules.timestampType() == TimestampType.LOG_APPEND_TIME;
    return new Accepted(
        accepted, new BatchHeader(accepted).facts(), logAppendTime ? nowMs : NO_TIMESTAMP);
  }

  /** All that does not need the records. */
  private static @Nullable Rejected checkBatch(ByteBuffer batch, BatchRules rules) {
    if (batch.remaining() < BatchHeader.BYTES) {
      return new Rejected(
          Errors.CORRUPT_MESSAGE,
          "Record batch is smaller than its header in topic partition " + rules.partition());
    }
    BatchHeader header = new BatchHeader(batch);
    if (header.baseOffset() != 0) {
      return new Rejected(
          Errors.INVALID_RECORD,
          "The baseOffset of the record batch in the append to %s should be 0, but it is %d"
              .formatted(rules.partition(), header.baseOffset()));
    }
    if (header.sizeBytes() > rules.bytesMax()) {
      return tooLarge(header.sizeBytes(), rules.bytesMax(), rules);
    }
    if (header.storedCrc() != header.computedCrc()) {
      return new Rejected(
          Errors.CORRUPT_MESSAGE,
          "Record is corrupt (stored crc = %d) in topic partition %s"
              .formatted(header.storedCrc(), rules.partition()));
    }
    return checkHeader(header, rules);
  }

  private static @Nullable Rejected checkHeader(BatchHeader header, BatchRules rules) {
    if (header.compressionId() > COMPRESSION_ID_MAX) {
      return new Rejected(
          Errors.UNSUPPORTED_COMPRESSION_TYPE,
          "Unknown compression type id: " + header.compressionId());
    }
    long offsets = header.lastOffsetDelta() + 1L;
    if (offsets <= 0) {
      return invalid("Batch has an invalid offset range: [0, " + (offsets - 1) + "]", rules);
    }
    if (header.records() <= 0) {
      return invalid("Invalid reported count for record batch: " + header.records(), rules);
    }
    if (offsets != header.records()) {
      return invalid(
          "Inconsistent batch offset range [0, %d] and count of records %d"
              .formatted(offsets - 1, header.records()),
          rules);
    }
    if (header.isControl()) {
      return invalid("Clients are not allowed to write control records", rules);
    }
    if (header.hasProducer()
        && (header.producerId() < 0 || header.producerEpoch() < 0 || header.baseSequence() < 0)) {
      return invalid(
          "Invalid sequence number %d or epoch %d in record batch with producerId %d"
              .formatted(header.baseSequence(), header.producerEpoch(), header.producerId()),
          rules);
    }
    if (header.isTransactional()) {
      return new Rejected(Errors.INVALID_TXN_STATE, "This cluster does not serve transactions");
    }
    return null;
  }

  private RecordWalk walk(BatchHeader header, CompressionType source, BatchRules rules, long nowMs)
      throws MalformedRecordsException {
    if (source == CompressionType.NONE) {
      RecordWalk walk = new RecordWalk(new BufferedRecords(header.payload()), header, rules, nowMs);
      walk.run();
      return walk;
    }
    try (InflatedRecords inflated = new InflatedRecords(header.payload(), source, buffers)) {
      RecordWalk walk = new RecordWalk(inflated, header, rules, nowMs);
      walk.run();
      return walk;
    }
  }

  private static ByteBuffer inPlace(
      BatchHeader header, ByteBuffer batch, BatchRules rules, long maxTimestampMs, long nowMs) {
    boolean logAppendTime = rules.timestampType() == TimestampType.LOG_APPEND_TIME;
    long maxMs = logAppendTime ? nowMs : maxTimestampMs;
    return header.timestampType() == rules.timestampType() && header.maxTimestampMs() == maxMs
        ? batch
        : header.copyWith(rules.timestampType(), maxMs);
  }

  private static Rejected recordErrors(RecordWalk walk) {
    String message =
        walk.error() == Errors.INVALID_TIMESTAMP
            ? "One or more records have been rejected due to invalid timestamp"
            : "One or more records have been rejected due to "
                + walk.errors().size()
                + " record errors in total, and only showing the first three errors at most: "
                + walk.errors().stream().limit(3).map(error -> error.message).toList();
    return new Rejected(walk.error(), message, walk.errors());
  }

  private static Rejected tooLarge(long bytes, long bytesMax, BatchRules rules) {
    return new Rejected(
        Errors.MESSAGE_TOO_LARGE,
        "The record batch size in the append to %s is %d bytes which exceeds the maximum configured value of %d."
            .formatted(rules.partition(), bytes, bytesMax));
  }

  private static Rejected invalid(String message, BatchRules rules) {
    return new Rejected(
        Errors.INVALID_RECORD, message + " in topic partition " + rules.partition());
  }
}
