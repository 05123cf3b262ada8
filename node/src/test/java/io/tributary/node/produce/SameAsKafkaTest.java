package io.tributary.node.produce;

import static io.tributary.node.produce.TestBatches.NOW_MS;
import static io.tributary.node.produce.TestBatches.record;
import static io.tributary.node.produce.TestBatches.withFreshCrc;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.node.produce.BatchVerdict.Accepted;
import io.tributary.node.produce.BatchVerdict.Rejected;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.PrimitiveRef;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogValidator;
import org.apache.kafka.storage.internals.log.RecordValidationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The verdict on good and randomly damaged batches is that of Apache Kafka's own validator. */
class SameAsKafkaTest {
  private static final int BATCHES = 1_000;

  private static final Errors CANNOT_REBUILD = Errors.NOT_CONTROLLER;

  private final BatchValidator validator = new BatchValidator(BufferSupplier.create());

  /** What Kafka makes of a batch. */
  private record KafkaVerdict(Errors error, List<SimpleRecord> records) {}

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void damagedBatches(CompressionType compression) {
    Random random = new Random(compression.id + 42);
    int taken = 0;
    for (int i = 0; i < BATCHES; i++) {
      ByteBuffer batch = TestBatches.batch(compression, someRecords(random));
      BatchRules rules = someRules(random);
      damage(batch, random);
      if (compare(batch, rules, i)) {
        taken++;
      }
    }
    assertThat(taken).as("batches that both took").isBetween(BATCHES / 100, BATCHES * 9 / 10);
  }

  private boolean compare(ByteBuffer batch, BatchRules rules, int round) {
    BatchHeader header = new BatchHeader(batch);
    KafkaVerdict kafka = kafkasVerdict(batch, rules);
    return switch (validator.validate(batch, rules, NOW_MS)) {
      case Accepted accepted -> {
        if (kafka.error() == CANNOT_REBUILD) {
          yield true;
        }
        assertThat(kafka.error()).as("batch %d", round).isEqualTo(Errors.NONE);
        assertThat(read(accepted.batch())).as("batch %d", round).isEqualTo(kafka.records());
        yield true;
      }
      case Rejected rejected -> {
        if (!isOursToRefuse(header)) {
          assertThat(rejected.error())
              .as("batch %d: %s", round, rejected)
              .isIn(allowed(kafka.error(), header));
        }
        yield false;
      }
    };
  }

  private static Set<Errors> allowed(Errors kafkas, BatchHeader header) {
    return switch (kafkas) {
      // Kafka has no word for what its decompressors throw.
      case UNKNOWN_SERVER_ERROR, NOT_CONTROLLER ->
          Set.of(Errors.UNSUPPORTED_COMPRESSION_TYPE, Errors.INVALID_RECORD);
      // Of two faults in one compressed batch Kafka may see the other one first.
      case INVALID_TIMESTAMP ->
          header.compressionId() == CompressionType.NONE.id
              ? Set.of(Errors.INVALID_TIMESTAMP)
              : Set.of(Errors.INVALID_TIMESTAMP, Errors.INVALID_RECORD);
      case Errors other -> Set.of(other);
    };
  }

  /** Where we are stricter: transactions, and producers with a negative id or epoch. */
  private static boolean isOursToRefuse(BatchHeader header) {
    return header.isTransactional()
        || header.producerId() < RecordBatch.NO_PRODUCER_ID
        || (header.hasProducer() && header.producerEpoch() < 0);
  }

  private static SimpleRecord[] someRecords(Random random) {
    SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(6)];
    for (int i = 0; i < records.length; i++) {
      records[i] =
          random.nextInt(8) == 0
              ? new SimpleRecord(NOW_MS + random.nextInt(7_200_000), null, new byte[i])
              : record(i);
    }
    return records;
  }

  private static BatchRules someRules(Random random) {
    Optional<Compression> target =
        random.nextInt(3) == 0
            ? Optional.of(
                Compression.of(CompressionType.forId(random.nextInt(CompressionType.ZSTD.id + 1)))
                    .build())
            : Optional.empty();
    return new BatchRules(
        "t-0",
        random.nextInt(10) == 0 ? 100 : TestBatches.MEBIBYTE,
        TestBatches.MEBIBYTE,
        random.nextBoolean(),
        random.nextInt(4) == 0 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
        86_400_000L,
        3_600_000L,
        target);
  }

  /** Changes a few bits at most; often none. */
  private static void damage(ByteBuffer batch, Random random) {
    int changes = random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = 21 + random.nextInt(batch.remaining() - 21);
      batch.put(at, (byte) (batch.get(at) ^ (1 << random.nextInt(8))));
    }
    withFreshCrc(batch);
  }

  private static KafkaVerdict kafkasVerdict(ByteBuffer batch, BatchRules rules) {
    ByteBuffer copy = ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
    try {
      return new KafkaVerdict(Errors.NONE, read(validated(copy, rules).buffer()));
    } catch (RecordValidationException refused) {
      return new KafkaVerdict(Errors.forException(refused.invalidException()), List.of());
    } catch (ApiException refused) {
      return new KafkaVerdict(Errors.forException(refused), List.of());
    } catch (UnsupportedOperationException _) {
      // Kafka has skipped the keys when it finds that it must rebuild the batch.
      return new KafkaVerdict(CANNOT_REBUILD, List.of());
    } catch (RuntimeException | Error _) {
      return new KafkaVerdict(Errors.UNKNOWN_SERVER_ERROR, List.of());
    }
  }

  private static MemoryRecords validated(ByteBuffer batch, BatchRules rules) {
    if (batch.remaining() > rules.bytesMax()) {
      throw Errors.MESSAGE_TOO_LARGE.exception();
    }
    CompressionType source = CompressionType.forId(new BatchHeader(batch).compressionId());
    LogValidator.ValidationResult result =
        new LogValidator(
                MemoryRecords.readableRecords(batch),
                new TopicPartition("t", 0),
                new Now(),
                source,
                rules.targetOf(source),
                rules.compacted(),
                RecordBatch.MAGIC_VALUE_V2,
                rules.timestampType(),
                rules.timestampBeforeMaxMs(),
                rules.timestampAfterMaxMs(),
                RecordBatch.NO_PARTITION_LEADER_EPOCH,
                AppendOrigin.CLIENT)
            .validateMessagesAndAssignOffsets(
                PrimitiveRef.ofLong(0), new NoMetrics(), BufferSupplier.NO_CACHING);
    if (result.validatedRecords().sizeInBytes() > rules.bytesMax()) {
      throw Errors.MESSAGE_TOO_LARGE.exception();
    }
    return result.validatedRecords();
  }

  private static List<SimpleRecord> read(ByteBuffer batch) {
    List<SimpleRecord> records = new ArrayList<>();
    MemoryRecords.readableRecords(batch.duplicate())
        .records()
        .forEach(record -> records.add(new SimpleRecord(record)));
    return records;
  }

  private static final class Now implements Time {
    @Override
    public long milliseconds() {
      return NOW_MS;
    }

    @Override
    public long nanoseconds() {
      return 0;
    }

    @Override
    public void sleep(long ms) {}

    @Override
    public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {}
  }

  private static final class NoMetrics implements LogValidator.MetricsRecorder {
    @Override
    public void recordInvalidMagic() {}

    @Override
    public void recordInvalidOffset() {}

    @Override
    public void recordInvalidSequence() {}

    @Override
    public void recordInvalidChecksums() {}

    @Override
    public void recordNoKeyCompactedTopic() {}
  }
}
