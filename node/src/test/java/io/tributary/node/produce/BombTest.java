package io.tributary.node.produce;

import static io.tributary.node.produce.TestBatches.NOW_MS;
import static io.tributary.node.produce.TestBatches.batch;
import static io.tributary.node.produce.TestBatches.rules;
import static io.tributary.node.produce.TestBatches.withFreshCrc;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.node.produce.BatchVerdict.Accepted;
import io.tributary.node.produce.BatchVerdict.Rejected;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.BufferSupplier;
import org.junit.jupiter.api.Test;

/** A few bytes that announce, or inflate to, very many. */
class BombTest {
  private final BatchValidator validator = new BatchValidator(BufferSupplier.create());

  @Test
  void aBatchThatInflatesBeyondReasonIsTooLarge() {
    SimpleRecord[] zeros = new SimpleRecord[40];
    Arrays.setAll(zeros, _ -> new SimpleRecord(NOW_MS, null, new byte[TestBatches.MEBIBYTE]));
    ByteBuffer bomb = batch(CompressionType.ZSTD, zeros);
    assertThat(bomb.remaining()).isLessThan(TestBatches.MEBIBYTE / 20);

    assertThat(validator.validate(bomb, rules(), NOW_MS))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> assertThat(rejected.error()).isEqualTo(Errors.MESSAGE_TOO_LARGE));
  }

  @Test
  void aBatchThatCompressesVeryWellIsTaken() {
    SimpleRecord[] zeros = new SimpleRecord[10];
    Arrays.setAll(zeros, _ -> new SimpleRecord(NOW_MS, null, new byte[TestBatches.MEBIBYTE]));

    assertThat(validator.validate(batch(CompressionType.ZSTD, zeros), rules(), NOW_MS))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void aSnappyBlockThatAnnouncesGigabytesIsRefusedBeforeTheyAreAllocated() {
    byte[] block = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07, 0, 1, 2};

    assertThat(snappy(block)).isEqualTo(Errors.INVALID_RECORD);
  }

  @Test
  void aFramedSnappyBlockThatAnnouncesGigabytesIsRefusedToo() {
    ByteBuffer framed = ByteBuffer.allocate(64);
    framed.put(new byte[] {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0}).putInt(1).putInt(1);
    ByteBuffer announcedChunk = framed.duplicate();
    announcedChunk.putInt(Integer.MAX_VALUE);
    assertThat(snappy(framed.array())).isEqualTo(Errors.INVALID_RECORD);

    framed.putInt(8).put(new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07});
    assertThat(snappy(framed.array())).isEqualTo(Errors.INVALID_RECORD);
  }

  @Test
  void headersByTheBillionEndWithTheBatch() {
    ByteBuffer batch = batch(CompressionType.NONE, new SimpleRecord(NOW_MS, null, (byte[]) null));
    int headersAt = batch.remaining() - 1;
    ByteBuffer longer = ByteBuffer.allocate(batch.remaining() + 4);
    longer.put(batch.duplicate()).put(headersAt, new byte[] {-1, -1, -1, -1, 0x0F}).flip();
    longer.limit(longer.capacity()).putInt(8, longer.capacity() - 12);
    longer.put(61, (byte) (longer.get(61) + 8));

    assertThat(reject(withFreshCrc(longer))).isEqualTo(Errors.INVALID_RECORD);
  }

  private Errors snappy(byte[] payload) {
    ByteBuffer whole = batch(CompressionType.NONE, TestBatches.records(1));
    ByteBuffer batch = ByteBuffer.allocate(BatchHeader.BYTES + payload.length);
    batch.put(0, whole, 0, BatchHeader.BYTES).put(BatchHeader.BYTES, payload);
    batch.putInt(8, batch.capacity() - 12).putShort(21, (short) CompressionType.SNAPPY.id);
    return reject(withFreshCrc(batch));
  }

  private Errors reject(ByteBuffer batch) {
    return switch (validator.validate(batch, rules(), NOW_MS)) {
      case Accepted accepted -> throw new AssertionError(accepted);
      case Rejected rejected -> rejected.error();
    };
  }
}
