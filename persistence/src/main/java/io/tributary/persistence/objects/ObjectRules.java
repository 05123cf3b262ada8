package io.tributary.persistence.objects;

import io.tributary.persistence.Bytes;
import java.util.List;

/** What every store asks of its callers. Whatever breaks these is a caller's mistake. */
final class ObjectRules {
  private ObjectRules() {}

  /**
   * @return the size of the object, bytes
   * @throws IllegalArgumentException empty or too large
   */
  static int checkPut(List<Bytes> parts) {
    long size = 0;
    for (Bytes part : parts) {
      size += part.length();
    }
    if (size < 1 || size > ObjectStore.PUT_BYTES_MAX) {
      throw new IllegalArgumentException(
          "an object has 1 to " + ObjectStore.PUT_BYTES_MAX + " bytes, not " + size);
    }
    return (int) size;
  }

  /**
   * @throws IllegalArgumentException negative
   */
  static void checkRange(long from, int length) {
    if (from < 0 || length < 0) {
      throw new IllegalArgumentException("not a range: " + length + " bytes from " + from);
    }
  }
}
