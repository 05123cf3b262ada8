package io.tributary.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Lets the socket be read straight into the frame it belongs to, which spares one copy of every
 * record.
 */
final class DirectReceive extends DefaultMaxMessagesRecvByteBufAllocator {
  // Frames end a read loop early often (the rest of a frame, then the scratch), so a few more turns
  // than Netty's 16 before other connections get theirs.
  private static final int READS_MAX = 32;

  private final FrameReader reader;

  DirectReceive(FrameReader reader) {
    super(READS_MAX);
    this.reader = reader;
  }

  @Override
  public Handle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public ByteBuf allocate(ByteBufAllocator allocator) {
        return reader.lend(allocator);
      }

      @Override
      public int guess() {
        return FrameReader.SCRATCH_BYTES;
      }
    };
  }
}
