package io.tributary.actors.view;

import io.tributary.persistence.cache.Block;
import io.tributary.persistence.model.IndexEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Gathers the batches of one read, slice after slice, until its limit. */
final class BatchGathering {
  /** Patched headers share an array of this many, so that a batch costs two slices and no array. */
  private static final int HEADERS_EACH_ARRAY = 64;

  private final long fromOffset;
  private final long endOffset;
  private final int bytesMax;
  private final boolean atLeastOneBatch;
  private final List<ByteBuffer> buffers = new ArrayList<>();
  private ByteBuffer headers = ByteBuffer.allocate(0);
  private int sizeBytes;
  private boolean full;

  /**
   * @param endOffset exclusive: no batch that reaches it is gathered
   */
  BatchGathering(long fromOffset, long endOffset, int bytesMax, boolean atLeastOneBatch) {
    this.fromOffset = fromOffset;
    this.endOffset = endOffset;
    this.bytesMax = bytesMax;
    this.atLeastOneBatch = atLeastOneBatch;
    this.full = bytesMax <= 0 && !atLeastOneBatch;
  }

  boolean isFull() {
    return full;
  }

  boolean isEmpty() {
    return sizeBytes == 0;
  }

  BatchBuffers batches() {
    return isEmpty() ? BatchBuffers.EMPTY : new BatchBuffers(buffers, sizeBytes);
  }

  void add(IndexEntry entry, Block block) {
    BatchWalk walk = new BatchWalk(entry, block.range(entry.position(), entry.lengthBytes()));
    while (!full && walk.next()) {
      if (walk.nextOffset() <= fromOffset) {
        continue;
      }
      boolean fits = walk.sizeBytes() <= bytesMax - sizeBytes;
      if (walk.nextOffset() > endOffset || !(fits || (atLeastOneBatch && isEmpty()))) {
        full = true;
        return;
      }
      add(walk);
    }
  }

  private void add(BatchWalk walk) {
    if (!headers.hasRemaining()) {
      headers = ByteBuffer.allocate(HEADERS_EACH_ARRAY * BatchBuffers.PATCHED_BYTES);
    }
    int start = headers.position();
    walk.patchedHeader(headers);
    buffers.add(headers.slice(start, BatchBuffers.PATCHED_BYTES));
    buffers.add(walk.rest());
    sizeBytes += walk.sizeBytes();
    full = sizeBytes >= bytesMax;
  }
}
