package io.tributary.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.kafka.common.network.Send;
import org.apache.kafka.common.network.TransferableChannel;
import org.jspecify.annotations.Nullable;

/**
 * Moves one answer after the other to the socket, as fast as the client reads: what the socket has
 * no room for stays where it is (in the block cache), so a slow reader costs {@value
 * #PIECE_BYTES}-byte pieces up to the channel's high watermark and nothing more. Confined to the
 * connection's event loop.
 */
final class AnswerWriter {
  static final int PIECE_BYTES = 128 << 10;

  private final Channel channel;
  private final Piece piece = new Piece();
  private @Nullable Send current;
  private Runnable onWritten = () -> {};

  AnswerWriter(Channel channel) {
    this.channel = channel;
  }

  boolean isIdle() {
    return current == null;
  }

  /**
   * Called when idle.
   *
   * @param onWritten called once, when the socket has the last byte or the connection is gone
   */
  void write(Send send, Runnable onWritten) {
    this.current = send;
    this.onWritten = onWritten;
    pump();
  }

  /** Moves on while the socket has room. Whoever calls this flushes. */
  void pump() {
    while (current != null && channel.isWritable()) {
      Send send = current;
      ChannelFuture written = channel.write(nextPiece(send));
      if (send.completed()) {
        Runnable done = onWritten;
        current = null;
        written.addListener(_ -> done.run());
      }
    }
  }

  /** The connection is gone. */
  void abandon() {
    if (current != null) {
      current = null;
      onWritten.run();
    }
  }

  private ByteBuf nextPiece(Send send) {
    int capacity = (int) Math.min(PIECE_BYTES, send.size());
    ByteBuf target = channel.alloc().directBuffer(capacity, capacity);
    piece.target = target;
    try {
      while (target.isWritable() && !send.completed()) {
        send.writeTo(piece);
      }
      return target;
    } catch (IOException e) {
      target.release();
      throw new UncheckedIOException(e);
    } finally {
      piece.target = null;
    }
  }

  /** A channel as Kafka's serialisation wants one, which ends where the piece is full. */
  private static final class Piece implements TransferableChannel {
    private @Nullable ByteBuf target;

    @Override
    public int write(ByteBuffer source) {
      ByteBuf to = target;
      if (to == null) {
        throw new IllegalStateException("written to outside of a piece");
      }
      int count = Math.min(source.remaining(), to.writableBytes());
      int limit = source.limit();
      source.limit(source.position() + count);
      to.writeBytes(source);
      source.limit(limit);
      return count;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      long count = 0;
      for (int i = offset; i < offset + length; i++) {
        count += write(sources[i]);
        if (sources[i].hasRemaining()) {
          break;
        }
      }
      return count;
    }

    @Override
    public long write(ByteBuffer[] sources) {
      return write(sources, 0, sources.length);
    }

    @Override
    public boolean hasPendingWrites() {
      return false;
    }

    @Override
    public long transferFrom(FileChannel file, long position, long count) {
      throw new UnsupportedOperationException("answers come from memory, not from files");
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      // The connection owns the socket.
    }
  }
}
