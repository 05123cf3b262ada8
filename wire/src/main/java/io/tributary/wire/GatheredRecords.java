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

  /** Writes at most {@code length} bytes, those from {@code position} on. */
  @Override
  public int writeTo(TransferableChannel channel, int position, int length) throws IOException {
    int skip = position;
    for (ByteBuffer slice : slices) {
      if (skip < slice.remaining()) {
        int count = Math.min(length, slice.remaining() - skip);
        return channel.write(slice.slice(slice.position() + skip, count));
      }
      skip -= slice.remaining();
    }
    return 0;
  }
}
