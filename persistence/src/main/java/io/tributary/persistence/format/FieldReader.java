package io.tributary.persistence.format;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tributary.persistence.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/**
 * Reads what {@link FieldWriter} wrote. Whatever is wrong ends in a {@link DamagedException} with
 * the name of what is read; nothing is allocated by a count that what is left cannot hold.
 */
final class FieldReader {
  static final int ENVELOPE_BYTES = Integer.BYTES + Byte.BYTES + Integer.BYTES;

  private final String name;
  private final CodedInputStream fields;

  private FieldReader(String name, ByteBuffer payload) {
    this.name = name;
    int length = payload.remaining();
    this.fields = CodedInputStream.newInstance(payload);
    try {
      fields.pushLimit(length);
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static FieldReader ofPayload(String name, ByteBuffer payload) {
    return new FieldReader(name, payload);
  }

  static FieldReader ofEnvelope(String name, FileKind kind, Bytes envelope) {
    if (envelope.length() < ENVELOPE_BYTES) {
      throw new DamagedException(
          name, "it is truncated: " + envelope.length() + " bytes are no whole file");
    }
    ByteBuffer bytes = envelope.asByteBuffer();
    kind.checkMagic(name, bytes.getInt());
    byte version = bytes.get();
    int covered = envelope.length() - Integer.BYTES;
    checkCrc(name, envelope.slice(0, covered), bytes.getInt(covered));
    kind.checkVersion(name, version);
    return new FieldReader(name, bytes.limit(covered).slice());
  }

  static void checkCrc(String name, Bytes covered, int stored) {
    CRC32C crc = new CRC32C();
    crc.update(covered.asByteBuffer());
    if ((int) crc.getValue() != stored) {
      throw new DamagedException(
          name, "its checksum is 0x%08x, not 0x%08x".formatted((int) crc.getValue(), stored));
    }
  }

  long number() {
    try {
      return fields.readUInt64();
    } catch (IOException damaged) {
      throw damaged(String.valueOf(damaged.getMessage()));
    }
  }

  long signed() {
    return CodedInputStream.decodeZigZag64(number());
  }

  /** A number from 0 to {@link Integer#MAX_VALUE}. */
  int size() {
    return size(0);
  }

  /** A number from {@code base} to {@link Integer#MAX_VALUE}, stored as the distance from it. */
  int size(int base) {
    long distance = number();
    if (distance < 0 || distance > Integer.MAX_VALUE - base) {
      throw damaged("a size is %d more than %d".formatted(distance, base));
    }
    return base + (int) distance;
  }

  UUID uuid() {
    try {
      ByteBuffer id = ByteBuffer.wrap(fields.readRawBytes(16));
      return new UUID(id.getLong(), id.getLong());
    } catch (IOException damaged) {
      throw damaged(String.valueOf(damaged.getMessage()));
    }
  }

  /** As many bytes as a field read before says. */
  Bytes raw(int length) {
    try {
      return Bytes.wrap(fields.readRawBytes(length));
    } catch (IOException damaged) {
      throw damaged(String.valueOf(damaged.getMessage()));
    }
  }

  /**
   * A count, then as many elements.
   *
   * @param bytesMin the least that one element takes
   */
  <T> List<T> list(int bytesMin, Supplier<T> element) {
    return elements(size(), bytesMin, element);
  }

  /** As many elements as were counted by a field read before. */
  <T> List<T> elements(int count, int bytesMin, Supplier<T> element) {
    if (count > fields.getBytesUntilLimit() / bytesMin) {
      throw damaged(count + " elements do not fit into what is left of it");
    }
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(element.get());
    }
    return list;
  }

  /** Nothing may be left. */
  void end() {
    if (fields.getBytesUntilLimit() != 0) {
      throw damaged(fields.getBytesUntilLimit() + " bytes are left over");
    }
  }

  DamagedException damaged(String what) {
    return new DamagedException(name, what);
  }
}
