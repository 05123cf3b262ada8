package io.tributary.actors.view;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Record batches as they go to a client: for each batch a buffer with its first {@value
 * #PATCHED_BYTES} bytes (base offset, length, leader epoch −1), then one with the rest, which
 * shares the memory of a cached block. Immutable: whoever moves a position duplicates first.
 *
 * @param buffers read-only, each batch's two buffers after one another
 * @param sizeBytes all of them together
 */
public record BatchBuffers(List<ByteBuffer> buffers, int sizeBytes) {
  /** Base offset (8), batch length (4), partition leader epoch (4): not covered by the CRC. */
  public static final int PATCHED_BYTES = 16;

  public static final BatchBuffers EMPTY = new BatchBuffers(List.of(), 0);

  public boolean isEmpty() {
    return sizeBytes == 0;
  }

  /**
   * The first batches, as many as fit into {@code bytesMax}; the first one in any case when {@code
   * atLeastOneBatch}.
   */
  public BatchBuffers first(int bytesMax, boolean atLeastOneBatch) {
    if (sizeBytes <= bytesMax) {
      return this;
    }
    int kept = 0;
    int keptBytes = 0;
    while (kept < buffers.size()) {
      int batchBytes = buffers.get(kept).remaining() + buffers.get(kept + 1).remaining();
      boolean fits = keptBytes + batchBytes <= bytesMax;
      if (!fits && !(atLeastOneBatch && kept == 0)) {
        break;
      }
      kept += 2;
      keptBytes += batchBytes;
    }
    return new BatchBuffers(buffers.subList(0, kept), keptBytes);
  }
}
