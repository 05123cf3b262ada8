package io.tributary.persistence.cache;

import io.tributary.persistence.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A whole object in memory, in one or more parts. Immutable. */
public final class Block {
  private final List<Bytes> parts;
  private final int[] ends;

  public Block(List<Bytes> parts) {
    this.parts = parts.stream().filter(part -> !part.isEmpty()).toList();
    this.ends = new int[this.parts.size()];
    int end = 0;
    for (int i = 0; i < ends.length; i++) {
      end = Math.addExact(end, this.parts.get(i).length());
      ends[i] = end;
    }
  }

  public int lengthBytes() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  /** The bytes from {@code position} on, {@code length} of them, in order; shares their memory. */
  public List<Bytes> range(int position, int length) {
    Objects.checkFromIndexSize(position, length, lengthBytes());
    List<Bytes> range = new ArrayList<>(2);
    int from = position;
    int end = position + length;
    for (int i = partAt(position); from < end; i++) {
      Bytes part = parts.get(i);
      int partStart = ends[i] - part.length();
      int count = Math.min(end, ends[i]) - from;
      range.add(part.slice(from - partStart, count));
      from += count;
    }
    return range;
  }

  /** The index of the part that holds {@code position}. */
  private int partAt(int position) {
    int found = Arrays.binarySearch(ends, position);
    return found >= 0 ? found + 1 : -found - 1;
  }
}
