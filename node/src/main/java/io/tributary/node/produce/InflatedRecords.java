package io.tributary.node.produce;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;

/**
 * Compressed records, inflated a window at a time: memory hangs on the codec's own window (at most
 * 128 MiB of zstd's, outside the heap), never on what the batch inflates to. What it inflates to is
 * bounded too, absolutely and by the ratio, because it costs processor time.
 */
final class InflatedRecords implements RecordInput, AutoCloseable {
  /** No batch may inflate to more. */
  static final long INFLATED_BYTES_MAX = 256L * 1024 * 1024;

  /** Up to here any ratio is taken: many equal records compress very well. */
  static final long RATIO_FREE_BYTES = 16L * 1024 * 1024;

  /** Just above what gzip can reach. */
  static final long RATIO_MAX = 1_100;

  private static final int WINDOW_BYTES = 16 * 1024;

  private final InputStream inflater;
  private final long bytesMax;
  private final byte[] window = new byte[WINDOW_BYTES];
  private int next;
  private int filled;
  private long inflatedBytes;

  InflatedRecords(ByteBuffer compressed, CompressionType compression, BufferSupplier buffers)
      throws MalformedRecordsException {
    this.bytesMax =
        Math.min(
            INFLATED_BYTES_MAX, Math.max(RATIO_FREE_BYTES, compressed.remaining() * RATIO_MAX));
    if (compression == CompressionType.SNAPPY) {
      SnappyFraming.check(compressed);
    }
    try {
      this.inflater =
          Compression.of(compression)
              .build()
              .wrapForInput(compressed, RecordBatch.MAGIC_VALUE_V2, buffers);
    } catch (RuntimeException damaged) {
      throw undecodable(damaged);
    }
  }

  @Override
  public long position() {
    return inflatedBytes - (filled - next);
  }

  @Override
  public byte readByte() throws MalformedRecordsException {
    if (next == filled && !fill()) {
      throw new MalformedRecordsException("the batch ends within a record");
    }
    return window[next++];
  }

  @Override
  public void skip(int bytes) throws MalformedRecordsException {
    int left = bytes;
    while (left > filled - next) {
      left -= filled - next;
      if (!fill()) {
        throw new MalformedRecordsException("the batch ends within a record");
      }
    }
    next += left;
  }

  @Override
  public boolean isAtEnd() throws MalformedRecordsException {
    return next == filled && !fill();
  }

  private boolean fill() throws MalformedRecordsException {
    int read;
    try {
      read = inflater.read(window, 0, window.length);
    } catch (IOException | RuntimeException damaged) {
      throw undecodable(damaged);
    }
    next = 0;
    filled = Math.max(read, 0);
    inflatedBytes += filled;
    if (inflatedBytes > bytesMax) {
      throw new MalformedRecordsException(
          Errors.MESSAGE_TOO_LARGE, "the batch inflates to more than " + bytesMax + " bytes");
    }
    return filled > 0;
  }

  @Override
  public void close() {
    try {
      inflater.close();
    } catch (IOException | RuntimeException _) {
      // Whatever was to be known has been read.
    }
  }

  private static MalformedRecordsException undecodable(Exception cause) {
    return new MalformedRecordsException("the batch cannot be decompressed: " + cause.getMessage());
  }
}
