package io.tributary.node.produce;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Batches as Kafka's producers make them, and rules to hold them to. */
final class TestBatches {
  static final long NOW_MS = 1_700_000_000_000L;
  static final int MEBIBYTE = 1024 * 1024;

  private TestBatches() {}

  static BatchRules rules() {
    return rules(TimestampType.CREATE_TIME, Optional.empty());
  }

  static BatchRules rules(TimestampType timestampType, Optional<Compression> compression) {
    return new BatchRules(
        "t-0",
        MEBIBYTE,
        1024 * MEBIBYTE,
        false,
        timestampType,
        Long.MAX_VALUE,
        3_600_000,
        compression);
  }

  static BatchRules compacted() {
    return new BatchRules(
        "t-0",
        MEBIBYTE,
        1024 * MEBIBYTE,
        true,
        TimestampType.CREATE_TIME,
        Long.MAX_VALUE,
        3_600_000,
        Optional.empty());
  }

  static SimpleRecord record(int number) {
    return new SimpleRecord(
        NOW_MS - 1_000 + number,
        ("key-" + number).getBytes(StandardCharsets.UTF_8),
        ("value-" + number).getBytes(StandardCharsets.UTF_8),
        new Header[] {new RecordHeader("h", new byte[] {1}), new RecordHeader("n", null)});
  }

  static SimpleRecord[] records(int count) {
    SimpleRecord[] records = new SimpleRecord[count];
    for (int number = 0; number < count; number++) {
      records[number] = record(number);
    }
    return records;
  }

  static ByteBuffer batch(CompressionType compression, SimpleRecord... records) {
    return MemoryRecords.withRecords(Compression.of(compression).build(), records).buffer();
  }

  static ByteBuffer idempotent(long producerId, int baseSequence, SimpleRecord... records) {
    return MemoryRecords.withIdempotentRecords(
            Compression.NONE, producerId, (short) 0, baseSequence, records)
        .buffer();
  }

  static ByteBuffer transactional(SimpleRecord... records) {
    return MemoryRecords.withTransactionalRecords(Compression.NONE, 5, (short) 0, 0, records)
        .buffer();
  }

  /** A batch that leaves out every second offset. */
  static ByteBuffer withGaps(CompressionType compression, int count) {
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(4_096),
            RecordBatch.MAGIC_VALUE_V2,
            Compression.of(compression).build(),
            TimestampType.CREATE_TIME,
            0);
    for (int number = 0; number < count; number++) {
      builder.appendWithOffset(number * 2L, record(number));
    }
    ByteBuffer batch = builder.build().buffer();
    batch.putInt(23, count - 1);
    return withFreshCrc(batch);
  }

  static ByteBuffer withFreshCrc(ByteBuffer batch) {
    batch.putInt(17, (int) new BatchHeader(batch).computedCrc());
    return batch;
  }
}
