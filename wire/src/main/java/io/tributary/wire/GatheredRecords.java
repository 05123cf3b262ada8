package io.tributary.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.internal.DefaultRecordsSend;
import org.apache.kafka.common.record.internal.TransferableRecords;

/**
 * Record batches that stand in several places in memory, for an answer that is gathered on the
 * socket and never copied into one piece on the heap.
 *
 * @param slices immutable bytes: whoever hands them over never writes to them again. Their
 *     positions are not moved
 */
public record GatheredRecords(List<ByteBuffer> slices) implements TransferableRecords {
  public static final GatheredRecords EMPTY = new GatheredRecords(List.of());

  public GatheredRecords {
    slices = List.copyOf(slices);
  }

  @Override
  public int sizeInBytes() {
    int size = 0;
    for (ByteBuffer slice : slices) {
      size = Math.addExact(size, slice.remaining());
    }
    return size;
  }

  @Override
  public DefaultRecordsSend<GatheredRecords> toSend() {
    return new DefaultRecordsSend<>(this);
  }

  /**
   * Writes at most {@code length} bytes, those from {@code position} on. Goes on to the next slice
   * while the channel takes all: finding the position again for each would be quadratic for an
   * answer of many small batches.
   */
  @Override
  public int writeTo(TransferableChannel channel, int position, int length) throws IOException {
    int skip = position;
    int written = 0;
    for (ByteBuffer slice : slices) {
      if (skip >= slice.remaining()) {
        skip -= slice.remaining();
        continue;
      }
      int count = Math.min(length - written, slice.remaining() - skip);
      int taken = channel.write(slice.slice(slice.position() + skip, count));
      written += taken;
      if (taken < count || written == length) {
        break;
      }
      skip = 0;
    }
    return written;
  }
}
