package io.tributary.node.settings;

/** A number of bytes, written like {@code 8MiB}. */
public record ByteSize(long bytes) {
  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size is 0 or more");
    }
  }

  public int toInt() {
    return Math.toIntExact(bytes);
  }
}
