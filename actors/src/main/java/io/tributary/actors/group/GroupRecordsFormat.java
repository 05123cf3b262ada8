package io.tributary.actors.group;

import io.tributary.persistence.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a journal record and of a checkpoint of a group shard: a list of records in order
 * (docs/formats.md, "Group records"). Big endian: version (1 byte), count (4), for each record key
 * length (4), key, value length (4, −1 for a tombstone), value; last the CRC-32C of all before.
 */
final class GroupRecordsFormat {
  static final byte VERSION = 1;

  /** Bytes of a list besides its records. */
  static final int OVERHEAD_BYTES = 1 + Integer.BYTES + Integer.BYTES;

  private static final int TOMBSTONE = -1;

  private GroupRecordsFormat() {}

  static Bytes encode(Collection<EncodedRecord> records) {
    int bytes = OVERHEAD_BYTES;
    for (EncodedRecord record : records) {
      bytes = Math.addExact(bytes, sizeOf(record));
    }
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    buffer.put(VERSION).putInt(records.size());
    for (EncodedRecord record : records) {
      put(buffer, record.key());
      Bytes value = record.value();
      if (value == null) {
        buffer.putInt(TOMBSTONE);
      } else {
        put(buffer, value);
      }
    }
    buffer.putInt(crc(buffer.array(), buffer.position()));
    return Bytes.wrap(buffer.array());
  }

  /**
   * @throws IllegalArgumentException when these are not the bytes of a list of this version
   */
  static List<EncodedRecord> decode(Bytes bytes) {
    ByteBuffer buffer = bytes.asByteBuffer();
    if (bytes.length() < OVERHEAD_BYTES || buffer.get() != VERSION) {
      throw new IllegalArgumentException("not group records of version " + VERSION);
    }
    int body = bytes.length() - Integer.BYTES;
    if (buffer.getInt(body) != crc(bytes.toByteArray(), body)) {
      throw new IllegalArgumentException("group records with a wrong checksum");
    }
    int count = buffer.getInt();
    List<EncodedRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Bytes key = take(bytes, buffer, buffer.getInt());
      records.add(new EncodedRecord(key, takeValue(bytes, buffer)));
    }
    return records;
  }

  /** What one record takes within a list. */
  static int sizeOf(EncodedRecord record) {
    return Math.addExact(2 * Integer.BYTES, record.bytes());
  }

  private static void put(ByteBuffer buffer, Bytes bytes) {
    buffer.putInt(bytes.length()).put(bytes.asByteBuffer());
  }

  private static @Nullable Bytes takeValue(Bytes bytes, ByteBuffer buffer) {
    int length = buffer.getInt();
    return length == TOMBSTONE ? null : take(bytes, buffer, length);
  }

  private static Bytes take(Bytes bytes, ByteBuffer buffer, int length) {
    Bytes taken = bytes.slice(buffer.position(), length);
    buffer.position(buffer.position() + length);
    return taken;
  }

  private static int crc(byte[] array, int length) {
    CRC32C crc = new CRC32C();
    crc.update(array, 0, length);
    return (int) crc.getValue();
  }
}
