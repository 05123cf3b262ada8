package io.tributary.actors.view;

import io.tributary.persistence.model.IndexEntry;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Index entries in offset order. Immutable to whoever holds one: appending gives another list that
 * shares the array, so both appending and taking a snapshot cost nothing that grows with the list.
 * Only one thread may append (a view's loop); its lists reach other threads by a volatile write.
 */
final class EntryList {
  private static final int CAPACITY_MIN = 16;

  static final EntryList EMPTY = new EntryList(new Shared(0), 0, 0);

  private final Shared shared;
  private final int from;
  private final int to;

  private EntryList(Shared shared, int from, int to) {
    this.shared = shared;
    this.from = from;
    this.to = to;
  }

  static EntryList of(List<IndexEntry> entries) {
    return EMPTY.append(entries);
  }

  EntryList append(List<IndexEntry> more) {
    if (more.isEmpty()) {
      return this;
    }
    EntryList target = hasRoom(more.size()) ? this : copy(size() + more.size());
    int end = target.to;
    for (IndexEntry entry : more) {
      target.shared.entries[end++] = entry;
    }
    target.shared.used = end;
    return new EntryList(target.shared, target.from, end);
  }

  /** Without the entries that end at or below {@code offset}. */
  EntryList dropBelow(long offset) {
    int first = from;
    while (first < to && at(shared.entries, first).nextOffset() <= offset) {
      first++;
    }
    if (first == to) {
      return EMPTY;
    }
    return first == from ? this : new EntryList(shared, first, to);
  }

  int size() {
    return to - from;
  }

  boolean isEmpty() {
    return from == to;
  }

  IndexEntry get(int index) {
    return at(shared.entries, from + index);
  }

  /** Where the list begins; only of a list that is not empty. */
  long firstOffset() {
    return get(0).baseOffset();
  }

  /** Where the list ends; only of a list that is not empty. */
  long nextOffset() {
    return get(size() - 1).nextOffset();
  }

  /** The index of the first entry that ends above {@code offset}; {@link #size} without one. */
  int indexOf(long offset) {
    int low = 0;
    int high = size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle).nextOffset() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Another list may have appended to the shared array before: then its place is taken. */
  private boolean hasRoom(int count) {
    return shared.used == to && to + count <= shared.entries.length;
  }

  private EntryList copy(int needed) {
    Shared copy = new Shared(Math.max(CAPACITY_MIN, needed + (needed >> 1)));
    System.arraycopy(shared.entries, from, copy.entries, 0, size());
    copy.used = size();
    return new EntryList(copy, 0, size());
  }

  private static IndexEntry at(@Nullable IndexEntry[] entries, int index) {
    IndexEntry entry = entries[index];
    if (entry == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return entry;
  }

  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOfRange(shared.entries, from, to));
  }

  private static final class Shared {
    private final @Nullable IndexEntry[] entries;
    private int used;

    Shared(int capacity) {
      entries = new @Nullable IndexEntry[capacity];
    }
  }
}
