package io.tributary.node.produce;

import java.nio.ByteBuffer;

/**
 * Looks at the lengths that a snappy stream announces before the library allocates for them: a few
 * bytes may announce gigabytes. Source: the framing of snappy-java ("xerial"), and a bare block
 * without framing, as librdkafka sends it.
 */
final class SnappyFraming {
  private static final long MAGIC = 0x82_53_4E_41_50_50_59_00L;
  private static final int MAGIC_HEAD = (int) (MAGIC >>> 32);
  private static final int HEADER_BYTES = 16;

  /** A copy of 64 bytes takes 3, so snappy cannot do better than 21.3. */
  private static final long RATIO_MAX = 22;

  private static final long SMALL_BYTES = 64;

  private SnappyFraming() {}

  /** Leaves the position where it is. */
  static void check(ByteBuffer stream) throws MalformedRecordsException {
    ByteBuffer rest = stream.duplicate();
    if (rest.remaining() < HEADER_BYTES || rest.getLong(rest.position()) != MAGIC) {
      checkBlock(rest);
      return;
    }
    rest.position(rest.position() + HEADER_BYTES);
    while (rest.remaining() >= Integer.BYTES) {
      int length = rest.getInt();
      if (length == MAGIC_HEAD && rest.remaining() >= HEADER_BYTES - Integer.BYTES) {
        rest.position(rest.position() + HEADER_BYTES - Integer.BYTES);
        continue;
      }
      if (length < 0 || length > rest.remaining()) {
        throw new MalformedRecordsException("a snappy block announces " + length + " bytes");
      }
      checkBlock(rest.slice(rest.position(), length));
      rest.position(rest.position() + length);
    }
  }

  private static void checkBlock(ByteBuffer block) throws MalformedRecordsException {
    int from = block.position();
    long inflated = 0;
    for (int i = 0; i < 5 && i < block.remaining(); i++) {
      byte next = block.get(from + i);
      inflated |= (next & 0x7FL) << (7 * i);
      if (next >= 0) {
        break;
      }
    }
    if (inflated > SMALL_BYTES + block.remaining() * RATIO_MAX) {
      throw new MalformedRecordsException(
          "a snappy block of " + block.remaining() + " bytes announces " + inflated);
    }
  }
}
