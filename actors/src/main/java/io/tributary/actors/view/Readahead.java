package io.tributary.actors.view;

import io.tributary.persistence.cache.BlockCache;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import java.util.ArrayList;
import java.util.List;

/** Which objects a reader that goes on in order will want next. */
final class Readahead {
  /** Objects that one read waits for. */
  static final int OBJECTS_A_READ = 32;

  private static final int OBJECTS_MIN = 8;
  private static final int OBJECTS_MAX = 32;
  private static final int ENOUGH_BYTES = 1024 * 1024;

  private Readahead() {}

  /**
   * Of the entries from {@code next} on, the objects that are not in memory: of the next {@value
   * #OBJECTS_MIN} entries, or more when the slices are small.
   */
  static List<FlushId> of(EntryList entries, int next, BlockCache cache) {
    List<FlushId> objects = List.of();
    int end = Math.min(entries.size(), next + OBJECTS_MAX);
    long bytes = 0;
    for (int i = next; i < end && (i < next + OBJECTS_MIN || bytes < ENOUGH_BYTES); i++) {
      IndexEntry entry = entries.get(i);
      bytes += entry.lengthBytes();
      if (cache.ifPresent(entry.object()).isEmpty()) {
        if (objects.isEmpty()) {
          objects = new ArrayList<>();
        }
        objects.add(entry.object());
      }
    }
    return objects;
  }
}
