package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A journal record, and the checkpoint root, of a group shard: records in their order. */
public final class GroupRecordsFormat {
  /** The most that a list takes besides its records. */
  public static final int OVERHEAD_BYTES_MAX =
      FieldReader.ENVELOPE_BYTES + GroupRecordsFormat.LENGTH_BYTES_MAX;

  private static final int LENGTH_BYTES_MAX = 5;
  private static final int RECORD_BYTES_MIN = 2;
  private static final int TOMBSTONE = 0;

  private GroupRecordsFormat() {}

  public static Bytes encode(Collection<GroupRecord> records) {
    FieldWriter out = new FieldWriter();
    out.number(records.size());
    for (GroupRecord record : records) {
      out.number(record.key().length());
      out.raw(record.key());
      Bytes value = record.value();
      if (value == null) {
        out.number(TOMBSTONE);
      } else {
        out.number(value.length() + 1L);
        out.raw(value);
      }
    }
    return out.toEnvelope(FileKind.GROUP_RECORDS);
  }

  /**
   * @param name of the journal record or checkpoint, for errors
   * @throws DamagedException when the bytes are not what {@link #encode} gave
   */
  public static List<GroupRecord> decode(String name, Bytes bytes) {
    FieldReader in = FieldReader.ofEnvelope(name, FileKind.GROUP_RECORDS, bytes);
    List<GroupRecord> records =
        in.list(RECORD_BYTES_MIN, () -> new GroupRecord(in.raw(in.size()), value(in)));
    in.end();
    return records;
  }

  /** The most that one record takes within a list. */
  public static int bytesMax(GroupRecord record) {
    int value = record.value() == null ? 0 : record.value().length();
    return Math.addExact(2 * LENGTH_BYTES_MAX + record.key().length(), value);
  }

  private static @Nullable Bytes value(FieldReader in) {
    int stored = in.size();
    return stored == TOMBSTONE ? null : in.raw(stored - 1);
  }
}
