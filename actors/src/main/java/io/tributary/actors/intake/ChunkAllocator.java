package io.tributary.actors.intake;

import io.tributary.persistence.Bytes;
import java.nio.ByteBuffer;

/**
 * Copies batches into heap chunks, which are then immutable and garbage collected. Every calling
 * thread fills a chunk of its own, so callers never wait for each other and no lock is held while
 * copying.
 *
 * <p>A chunk and its header fill one region of G1 at its smallest (1 MiB): such an array is never
 * copied by the collector, and freed by a young collection. Measured, with the alternatives, in
 * docs/decisions (intake chunks fill a region). A batch of more than a quarter of a chunk gets an
 * array of its own, so at most a quarter of a chunk is left unused.
 */
final class ChunkAllocator {
  private static final int ARRAY_HEADER_BYTES = 16;
  static final int CHUNK_BYTES = 1024 * 1024 - ARRAY_HEADER_BYTES;
  static final int SHARED_BYTES_MAX = CHUNK_BYTES / 4;

  private final ThreadLocal<Chunk> current = ThreadLocal.withInitial(Chunk::new);

  /** Copies what remains in {@code source}, whose position does not move. */
  Bytes copyOf(ByteBuffer source) {
    return source.remaining() > SHARED_BYTES_MAX
        ? Bytes.copyOf(source)
        : current.get().copyOf(source);
  }

  private static final class Chunk {
    private byte[] array = new byte[CHUNK_BYTES];
    private int used;

    Bytes copyOf(ByteBuffer source) {
      int length = source.remaining();
      if (length > array.length - used) {
        array = new byte[CHUNK_BYTES];
        used = 0;
      }
      source.get(source.position(), array, used, length);
      Bytes copy = Bytes.wrap(array, used, length);
      used += length;
      return copy;
    }
  }
}
