package io.tributary.actors.view;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.DamagedException;
import io.tributary.persistence.model.IndexEntry;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Walks the record batches of one slice by their headers, gives each its offset, and leaves out
 * those that are not in the log. Looks at no record.
 *
 * <p>Source: Kafka's record batch, magic 2: base offset (8), length of what follows (4), partition
 * leader epoch (4), magic (1), CRC (4), attributes (2), last offset delta (4), base timestamp (8),
 * largest timestamp (8), …, in all {@value #HEADER_BYTES} bytes.
 */
final class BatchWalk {
  private static final int HEADER_BYTES = 61;
  private static final int LENGTH_AT = 8;
  private static final int BEFORE_LENGTH_COUNTS = 12;
  private static final int LAST_OFFSET_DELTA_AT = 23;
  private static final int MAX_TIMESTAMP_AT = 35;
  private static final int NO_LEADER_EPOCH = -1;

  private final IndexEntry entry;
  private final List<Bytes> parts;
  private final int partsEnd;
  private int nextPart;
  private ByteBuffer part = Bytes.EMPTY.asByteBuffer();

  /** Inside {@link #part}. */
  private int position;

  private int sizeBytes;
  private long baseOffset;
  private long nextOffset;
  private int index = -1;
  private int nextSkipped;

  /**
   * @param slice the bytes of {@code entry}, cut anywhere
   */
  BatchWalk(IndexEntry entry, List<Bytes> slice) {
    this.entry = entry;
    this.parts = slice;
    this.partsEnd = slice.size();
    this.nextOffset = entry.baseOffset();
  }

  /**
   * Goes to the next batch that is in the log.
   *
   * @throws DamagedException when the bytes are not what the index says
   */
  boolean next() {
    while (step()) {
      if (nextSkipped < entry.skipped().size() && entry.skipped().get(nextSkipped) == index) {
        nextSkipped++;
        continue;
      }
      baseOffset = nextOffset;
      nextOffset = baseOffset + part.getInt(position + LAST_OFFSET_DELTA_AT) + 1;
      if (nextOffset <= baseOffset || nextOffset > entry.nextOffset()) {
        throw damaged("batch " + index + " would end at offset " + nextOffset);
      }
      return true;
    }
    if (nextOffset != entry.nextOffset()) {
      throw damaged("its batches end at offset " + nextOffset);
    }
    return false;
  }

  long baseOffset() {
    return baseOffset;
  }

  /** One more than the batch's last offset. */
  long nextOffset() {
    return nextOffset;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  long maxTimestampMs() {
    return part.getLong(position + MAX_TIMESTAMP_AT);
  }

  /** Writes the bytes that no CRC covers as clients are to see them. */
  void patchedHeader(ByteBuffer target) {
    target.putLong(baseOffset).putInt(sizeBytes - BEFORE_LENGTH_COUNTS).putInt(NO_LEADER_EPOCH);
  }

  /** What follows the patched bytes; shares memory. */
  ByteBuffer rest() {
    return part.slice(
        position + BatchBuffers.PATCHED_BYTES, sizeBytes - BatchBuffers.PATCHED_BYTES);
  }

  /** The batch as a client gets it, in one piece of its own. */
  ByteBuffer copy() {
    ByteBuffer copy = ByteBuffer.allocate(sizeBytes);
    patchedHeader(copy);
    return copy.put(rest()).flip();
  }

  /** To the next batch in the slice, whether it is in the log or not. */
  private boolean step() {
    position += sizeBytes;
    sizeBytes = 0;
    while (position == part.limit()) {
      if (nextPart == partsEnd) {
        return false;
      }
      part = parts.get(nextPart++).asByteBuffer();
      position = 0;
    }
    if (part.limit() - position < HEADER_BYTES) {
      joinRest();
    }
    if (part.limit() - position < HEADER_BYTES) {
      throw damaged("it ends inside the header of a batch");
    }
    sizeBytes = sizeFromHeader();
    if (sizeBytes > part.limit() - position) {
      joinRest();
    }
    if (sizeBytes > part.limit() - position) {
      throw damaged("it ends inside batch " + (index + 1));
    }
    index++;
    return true;
  }

  private int sizeFromHeader() {
    int length = part.getInt(position + LENGTH_AT);
    if (length < HEADER_BYTES - BEFORE_LENGTH_COUNTS || length > entry.lengthBytes()) {
      throw damaged("a batch claims " + length + " bytes");
    }
    return length + BEFORE_LENGTH_COUNTS;
  }

  /** A batch that is cut between two parts is rare: copying the rest of the slice is simplest. */
  private void joinRest() {
    int joinedBytes = part.limit() - position;
    for (int i = nextPart; i < partsEnd; i++) {
      joinedBytes += parts.get(i).length();
    }
    ByteBuffer joined = ByteBuffer.allocate(joinedBytes);
    joined.put(part.slice(position, part.limit() - position));
    while (nextPart < partsEnd) {
      joined.put(parts.get(nextPart++).asByteBuffer());
    }
    part = joined.flip();
    position = 0;
  }

  private DamagedException damaged(String what) {
    return new DamagedException(
        "slice at %d of object %s".formatted(entry.position(), entry.object()), what);
  }
}
