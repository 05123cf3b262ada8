package io.tributary.actors.group;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.GroupRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The latest value of every key, in the order in which those values were written: what a wholly
 * compacted {@code __consumer_offsets} partition would hold, and so what the machine can be rebuilt
 * from.
 */
final class CompactedRecords {
  private final Map<Bytes, GroupRecord> latest = new LinkedHashMap<>();

  void apply(GroupRecord record) {
    // Removed first: a put alone would leave the key at its old place in the order.
    latest.remove(record.key());
    if (record.value() != null) {
      latest.put(record.key(), record);
    }
  }

  List<GroupRecord> snapshot() {
    return List.copyOf(latest.values());
  }
}
