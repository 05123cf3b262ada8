package io.tributary.node.produce;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.requests.ProduceResponse.RecordError;

/**
 * Reads every record of a batch without making objects of them. The rules, and what they say when
 * they are broken, are those of Kafka's {@code LogValidator} and {@code DefaultRecord}.
 */
final class RecordWalk {
  /** A batch of bad records must not become an answer larger than itself. */
  static final int RECORD_ERRORS_MAX = 1_000;

  private static final long NO_TIMESTAMP = -1;

  private final RecordInput input;
  private final BatchHeader header;
  private final BatchRules rules;
  private final long nowMs;
  private final List<RecordError> errors = new ArrayList<>(0);
  private Errors error = Errors.NONE;
  private long maxTimestampMs = NO_TIMESTAMP;
  private boolean sequential = true;

  RecordWalk(RecordInput input, BatchHeader header, BatchRules rules, long nowMs) {
    this.input = input;
    this.header = header;
    this.rules = rules;
    this.nowMs = nowMs;
  }

  void run() throws MalformedRecordsException {
    int records = header.records();
    for (int index = 0; index < records; index++) {
      if (input.isAtEnd()) {
        throw new MalformedRecordsException(
            "the batch announces " + records + " records and holds " + index);
      }
      readRecord(index);
    }
    if (!input.isAtEnd()) {
      throw new MalformedRecordsException(
          "the batch announces " + records + " records and holds more");
    }
  }

  /** {@link Errors#NONE} when every record is fine. */
  Errors error() {
    return error;
  }

  /** The first {@value #RECORD_ERRORS_MAX} records that are not. */
  List<RecordError> errors() {
    return errors;
  }

  /** -1 when no record has one. */
  long maxTimestampMs() {
    return maxTimestampMs;
  }

  /** Whether the records' offsets are 0, 1, 2 and so on. */
  boolean isSequential() {
    return sequential;
  }

  /** Of all records, uncompressed. */
  long recordBytes() {
    return input.position();
  }

  private void readRecord(int index) throws MalformedRecordsException {
    int size = input.readVarint();
    long start = input.position();
    if (size < 0) {
      throw new MalformedRecordsException("record " + index + " has the size " + size);
    }
    input.readByte();
    long timestampMs = timestampOf(input.readVarlong());
    if (input.readVarint() != index) {
      sequential = false;
    }
    boolean hasKey = skipField(size, start);
    skipField(size, start);
    skipHeaders(size, start);
    if (input.position() - start != size) {
      throw new MalformedRecordsException(
          "record %d says it has %d bytes, but has %d"
              .formatted(index, size, input.position() - start));
    }
    if (rules.compacted() && !hasKey) {
      reject(
          index,
          Errors.INVALID_RECORD,
          "Compacted topic cannot accept message without key in topic partition "
              + rules.partition());
    } else {
      checkTimestamp(index, timestampMs);
    }
    maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
  }

  private long timestampOf(long delta) {
    return header.timestampType() == TimestampType.LOG_APPEND_TIME
        ? header.maxTimestampMs()
        : header.baseTimestampMs() + delta;
  }

  /**
   * @return false when the field is null
   */
  private boolean skipField(int size, long start) throws MalformedRecordsException {
    int length = input.readVarint();
    if (length > size - (input.position() - start)) {
      throw new MalformedRecordsException("a field is longer than its record");
    }
    if (length > 0) {
      input.skip(length);
    }
    return length >= 0;
  }

  private void skipHeaders(int size, long start) throws MalformedRecordsException {
    int headers = input.readVarint();
    if (headers < 0) {
      throw new MalformedRecordsException("a record has " + headers + " headers");
    }
    for (int i = 0; i < headers; i++) {
      if (!skipField(size, start)) {
        throw new MalformedRecordsException("a header has no key");
      }
      skipField(size, start);
    }
  }

  private void checkTimestamp(int index, long timestampMs) {
    if (rules.timestampType() == TimestampType.CREATE_TIME && timestampMs != NO_TIMESTAMP) {
      long ageMs = nowMs - timestampMs;
      if (ageMs > rules.timestampBeforeMaxMs() || -ageMs > rules.timestampAfterMaxMs()) {
        reject(
            index,
            Errors.INVALID_TIMESTAMP,
            "Timestamp %d of message with offset %d is out of range. The timestamp should be within [%d, %d]"
                .formatted(
                    timestampMs,
                    index,
                    nowMs - rules.timestampBeforeMaxMs(),
                    nowMs + rules.timestampAfterMaxMs()));
      }
    } else if (header.timestampType() == TimestampType.LOG_APPEND_TIME) {
      reject(
          index,
          Errors.INVALID_TIMESTAMP,
          "Invalid timestamp type in message. Producer should not set timestamp type to LogAppendTime.");
    }
  }

  /** One bad timestamp makes the whole batch's error the one about timestamps. */
  private void reject(int index, Errors because, String message) {
    if (error != Errors.INVALID_TIMESTAMP) {
      error = because;
    }
    if (errors.size() < RECORD_ERRORS_MAX) {
      errors.add(new RecordError(index, message));
    }
  }
}
