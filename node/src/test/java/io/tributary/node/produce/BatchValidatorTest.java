package io.tributary.node.produce;

import static io.tributary.node.produce.TestBatches.NOW_MS;
import static io.tributary.node.produce.TestBatches.batch;
import static io.tributary.node.produce.TestBatches.record;
import static io.tributary.node.produce.TestBatches.records;
import static io.tributary.node.produce.TestBatches.rules;
import static io.tributary.node.produce.TestBatches.withFreshCrc;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.node.produce.BatchVerdict.Accepted;
import io.tributary.node.produce.BatchVerdict.Rejected;
import io.tributary.persistence.model.BatchFacts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.BufferSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BatchValidatorTest {
  private final BatchValidator validator = new BatchValidator(BufferSupplier.create());

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void aGoodBatchEntersTheLogByteForByte(CompressionType compression) {
    ByteBuffer batch = batch(compression, records(10));
    ByteBuffer copy = batch.duplicate();

    Accepted accepted = accept(batch, rules());

    assertThat(accepted.batch()).isSameAs(batch).isEqualTo(copy);
    assertThat(accepted.logAppendTimeMs()).isEqualTo(-1);
    assertThat(accepted.facts())
        .isEqualTo(
            new BatchFacts(
                batch.remaining(), 10, compression.id, NOW_MS - 991, -1, (short) -1, -1));
  }

  @Test
  void theFactsNameTheProducer() {
    BatchFacts facts = accept(TestBatches.idempotent(77, 5, records(3)), rules()).facts();

    assertThat(facts.producerId()).isEqualTo(77);
    assertThat(facts.producerEpoch()).isZero();
    assertThat(facts.baseSequence()).isEqualTo(5);
    assertThat(facts.lastSequence()).isEqualTo(7);
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        damage("base offset", Errors.INVALID_RECORD, batch -> batch.putLong(0, 9)),
        damage("last offset delta too large", Errors.INVALID_RECORD, batch -> batch.putInt(23, 7)),
        damage("negative offsets", Errors.INVALID_RECORD, batch -> batch.putInt(23, -2)),
        damage("no records", Errors.INVALID_RECORD, batch -> batch.putInt(57, 0)),
        damage("negative count", Errors.INVALID_RECORD, batch -> batch.putInt(57, -1)),
        damage("count of more than there are", Errors.INVALID_RECORD, batch -> count(batch, 5)),
        damage("count of fewer than there are", Errors.INVALID_RECORD, batch -> count(batch, 2)),
        damage("a count of billions", Errors.INVALID_RECORD, batch -> count(batch, 1 << 30)),
        damage("control batch", Errors.INVALID_RECORD, batch -> batch.putShort(21, (short) 0x20)),
        damage(
            "transactional", Errors.INVALID_TXN_STATE, batch -> batch.putShort(21, (short) 0x10)),
        damage(
            "unknown codec",
            Errors.UNSUPPORTED_COMPRESSION_TYPE,
            batch -> batch.putShort(21, (short) 7)),
        damage("not gzip", Errors.INVALID_RECORD, batch -> batch.putShort(21, (short) 1)),
        damage("not snappy", Errors.INVALID_RECORD, batch -> batch.putShort(21, (short) 2)),
        damage("not lz4", Errors.INVALID_RECORD, batch -> batch.putShort(21, (short) 3)),
        damage("not zstd", Errors.INVALID_RECORD, batch -> batch.putShort(21, (short) 4)),
        damage("producer without sequence", Errors.INVALID_RECORD, batch -> batch.putLong(43, 9)),
        damage("record length", Errors.INVALID_RECORD, batch -> batch.put(61, (byte) 126)),
        damage("negative length", Errors.INVALID_RECORD, batch -> batch.put(61, (byte) 1)),
        damage("key length", Errors.INVALID_RECORD, batch -> batch.put(65, (byte) 0x7E)),
        damage(
            "endless varint",
            Errors.INVALID_RECORD,
            batch -> batch.put(61, new byte[] {-1, -1, -1, -1, -1, -1})));
  }

  private static Arguments damage(String name, Errors error, Consumer<ByteBuffer> damage) {
    return Arguments.of(name, error, damage);
  }

  private static void count(ByteBuffer batch, int records) {
    batch.putInt(23, records - 1).putInt(57, records);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void aDamagedBatchIsRefused(String name, Errors error, Consumer<ByteBuffer> damage) {
    ByteBuffer batch = batch(CompressionType.NONE, records(3));
    damage.accept(batch);
    withFreshCrc(batch);

    assertThat(reject(batch, rules()).error()).as(name).isEqualTo(error);
  }

  @Test
  void anyFlippedByteBehindTheChecksumIsCorrupt() {
    for (int at = 21; at < batch(CompressionType.NONE, records(3)).remaining(); at++) {
      ByteBuffer batch = batch(CompressionType.NONE, records(3));
      batch.put(at, (byte) ~batch.get(at));
      assertThat(reject(batch, rules()).error()).isEqualTo(Errors.CORRUPT_MESSAGE);
    }
  }

  @Test
  void aBatchShorterThanItsHeaderIsCorrupt() {
    ByteBuffer batch = batch(CompressionType.NONE, records(1)).limit(60);

    assertThat(reject(batch, rules()).error()).isEqualTo(Errors.CORRUPT_MESSAGE);
  }

  @Test
  void aBatchAboveMaxMessageBytesIsTooLarge() {
    SimpleRecord large = new SimpleRecord(NOW_MS, null, new byte[TestBatches.MEBIBYTE]);

    assertThat(reject(batch(CompressionType.NONE, large), rules()).error())
        .isEqualTo(Errors.MESSAGE_TOO_LARGE);
    assertThat(validator.validate(batch(CompressionType.GZIP, large), rules(), NOW_MS))
        .isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void aCompactedTopicNamesTheRecordsWithoutKeys(CompressionType compression) {
    SimpleRecord[] records = records(4);
    records[1] = new SimpleRecord(NOW_MS, null, new byte[1]);
    records[3] = new SimpleRecord(NOW_MS, null, new byte[1]);

    Rejected rejected = reject(batch(compression, records), TestBatches.compacted());

    assertThat(rejected.error()).isEqualTo(Errors.INVALID_RECORD);
    assertThat(rejected.recordErrors()).extracting(error -> error.batchIndex).containsExactly(1, 3);
  }

  @Test
  void aTimestampFromTheFutureIsRefusedByRecord() {
    SimpleRecord late = new SimpleRecord(NOW_MS + 3_600_001, null, new byte[1]);

    Rejected rejected = reject(batch(CompressionType.NONE, record(0), late), rules());

    assertThat(rejected.error()).isEqualTo(Errors.INVALID_TIMESTAMP);
    assertThat(rejected.recordErrors()).extracting(error -> error.batchIndex).containsExactly(1);
  }

  @Test
  void aRecordWithoutTimestampIsTaken() {
    SimpleRecord none = new SimpleRecord(-1, null, new byte[1]);

    assertThat(accept(batch(CompressionType.NONE, none), rules()).facts().maxTimestampMs())
        .isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void logAppendTimeReplacesTheTimestamps(CompressionType compression) {
    Accepted accepted =
        accept(
            batch(compression, records(3)), rules(TimestampType.LOG_APPEND_TIME, Optional.empty()));

    assertThat(accepted.logAppendTimeMs()).isEqualTo(NOW_MS);
    assertThat(accepted.facts().maxTimestampMs()).isEqualTo(NOW_MS);
    assertThat(read(accepted)).allMatch(record -> record.timestamp() == NOW_MS).hasSize(3);
  }

  @Test
  void aWrongMaxTimestampInTheHeaderIsMadeRight() {
    ByteBuffer batch = batch(CompressionType.NONE, records(3));
    withFreshCrc(batch.putLong(35, 5));

    Accepted accepted = accept(batch, rules());

    assertThat(accepted.facts().maxTimestampMs()).isEqualTo(NOW_MS - 998);
    assertThat(read(accepted)).hasSize(3);
    assertThat(batch.getLong(35)).as("the frame is not written to").isEqualTo(5);
  }

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void aTopicsOwnCompressionRewritesTheBatch(CompressionType target) {
    Compression compression = Compression.of(target).build();
    Accepted accepted =
        accept(
            batch(CompressionType.LZ4, records(5)),
            rules(TimestampType.CREATE_TIME, Optional.of(compression)));

    assertThat(new BatchHeader(accepted.batch()).compressionId()).isEqualTo(target.id);
    assertThat(accepted.facts().sizeBytes()).isEqualTo(accepted.batch().remaining());
    List<Record> written = read(accepted);
    assertThat(written).hasSize(5);
    for (int number = 0; number < 5; number++) {
      assertThat(written.get(number).offset()).isEqualTo(number);
      assertThat(new SimpleRecord(written.get(number))).isEqualTo(record(number));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionType.class,
      names = {"NONE", "GZIP"})
  void offsetsWithGapsAreMadeDense(CompressionType compression) {
    Accepted accepted = accept(TestBatches.withGaps(compression, 4), rules());

    assertThat(read(accepted)).extracting(Record::offset).containsExactly(0L, 1L, 2L, 3L);
  }

  private Accepted accept(ByteBuffer batch, BatchRules rules) {
    return switch (validator.validate(batch, rules, NOW_MS)) {
      case Accepted accepted -> accepted;
      case Rejected rejected -> throw new AssertionError(rejected);
    };
  }

  private Rejected reject(ByteBuffer batch, BatchRules rules) {
    return switch (validator.validate(batch, rules, NOW_MS)) {
      case Accepted accepted -> throw new AssertionError(accepted);
      case Rejected rejected -> rejected;
    };
  }

  /** As a consumer reads it, checksum and all. */
  private static List<Record> read(Accepted accepted) {
    List<Record> read = new ArrayList<>();
    MemoryRecords.readableRecords(accepted.batch().duplicate())
        .batches()
        .forEach(
            batch -> {
              batch.ensureValid();
              batch.forEach(read::add);
            });
    return read;
  }
}
