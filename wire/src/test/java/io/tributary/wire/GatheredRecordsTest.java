package io.tributary.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.internal.DefaultRecordsSend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatheredRecordsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 1_000_000})
  void allSlicesComeOutInOrderHoweverLittleTheChannelTakes(int takesMax) throws IOException {
    Random random = new Random(takesMax);
    List<ByteBuffer> slices = new ArrayList<>();
    ByteBuffer all = ByteBuffer.allocate(4_096);
    while (all.hasRemaining()) {
      byte[] bytes = new byte[Math.min(all.remaining(), random.nextInt(40))];
      random.nextBytes(bytes);
      all.put(bytes);
      slices.add(ByteBuffer.wrap(bytes));
    }
    Taking channel = new Taking(takesMax, all.capacity());

    DefaultRecordsSend<GatheredRecords> send = new GatheredRecords(slices).toSend();
    while (!send.completed()) {
      channel.left = takesMax;
      send.writeTo(channel);
    }

    assertThat(channel.taken.flip()).isEqualTo(all.flip());
    assertThat(slices).allMatch(slice -> slice.position() == 0);
  }

  /** Takes a few bytes, then no more until it is given room again. */
  private static final class Taking implements TransferableChannel {
    private final ByteBuffer taken;
    private int left;

    Taking(int left, int capacity) {
      this.left = left;
      this.taken = ByteBuffer.allocate(capacity);
    }

    @Override
    public int write(ByteBuffer source) {
      int count = Math.min(left, source.remaining());
      taken.put(source.slice(source.position(), count));
      source.position(source.position() + count);
      left -= count;
      return count;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      throw new UnsupportedOperationException("one slice at a time");
    }

    @Override
    public long write(ByteBuffer[] sources) {
      throw new UnsupportedOperationException("one slice at a time");
    }

    @Override
    public boolean hasPendingWrites() {
      return false;
    }

    @Override
    public long transferFrom(FileChannel file, long position, long count) {
      throw new UnsupportedOperationException("from memory only");
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
