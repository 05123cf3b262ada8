package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The value of {@code shard/<kind>/<s>/journal/<seq>}: the records one commit made durable, and who
 * wrote them. Big endian:
 *
 * <pre>
 * version      int8    1
 * crc          uint32  CRC-32C of all that follows
 * epoch        int64   owner epoch
 * incarnation  int64   of the owner
 * records      int32   1 or more
 *   length     int32
 *   bytes
 * </pre>
 */
public final class JournalEntryFormat {
  /** Bytes of an entry besides its records. */
  public static final int HEADER_BYTES = 1 + 4 + 8 + 8 + 4;

  /** Bytes a record takes besides its own. */
  public static final int RECORD_HEADER_BYTES = 4;

  private static final byte VERSION = 1;
  private static final int CRC_POSITION = 1;
  private static final int CRC_FROM = 5;

  private JournalEntryFormat() {}

  public record JournalEntry(long epoch, long incarnation, List<Bytes> records) {
    public JournalEntry {
      records = List.copyOf(records);
    }
  }

  public static Bytes write(JournalEntry entry) {
    int size = HEADER_BYTES;
    for (Bytes record : entry.records()) {
      size += RECORD_HEADER_BYTES + record.length();
    }
    ByteBuffer buffer = ByteBuffer.allocate(size);
    buffer.put(VERSION).putInt(0).putLong(entry.epoch()).putLong(entry.incarnation());
    buffer.putInt(entry.records().size());
    for (Bytes record : entry.records()) {
      buffer.putInt(record.length()).put(record.asByteBuffer());
    }
    buffer.putInt(CRC_POSITION, (int) crcOf(buffer.flip().position(CRC_FROM)));
    return Bytes.wrap(buffer.array());
  }

  /**
   * @return its records share the array of {@code bytes}
   * @throws FormatException when the bytes are not what {@link #write} gave
   */
  public static JournalEntry read(Bytes bytes) {
    ByteBuffer buffer = bytes.asByteBuffer();
    if (buffer.remaining() < HEADER_BYTES) {
      throw new FormatException("journal entry of " + buffer.remaining() + " bytes");
    }
    byte version = buffer.get();
    if (version != VERSION) {
      throw new FormatException("journal entry of version " + version);
    }
    int crc = buffer.getInt();
    if (crc != (int) crcOf(buffer.duplicate())) {
      throw new FormatException("journal entry's CRC does not match");
    }
    long epoch = buffer.getLong();
    long incarnation = buffer.getLong();
    return new JournalEntry(epoch, incarnation, records(bytes, buffer));
  }

  private static List<Bytes> records(Bytes bytes, ByteBuffer buffer) {
    int count = buffer.getInt();
    List<Bytes> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = buffer.remaining() < RECORD_HEADER_BYTES ? -1 : buffer.getInt();
      if (length < 0 || length > buffer.remaining()) {
        throw new FormatException("journal entry ends inside record " + i);
      }
      records.add(bytes.slice(buffer.position(), length));
      buffer.position(buffer.position() + length);
    }
    return records;
  }

  private static long crcOf(ByteBuffer rest) {
    CRC32C crc = new CRC32C();
    crc.update(rest);
    return crc.getValue();
  }
}
