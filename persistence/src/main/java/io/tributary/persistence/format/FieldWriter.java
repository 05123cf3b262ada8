package io.tributary.persistence.format;

import com.google.protobuf.CodedOutputStream;
import io.tributary.persistence.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Writes fields as varints, into memory. */
final class FieldWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
  private final CodedOutputStream fields = CodedOutputStream.newInstance(bytes);

  /** For numbers that are hardly ever negative. */
  void number(long value) {
    try {
      fields.writeUInt64NoTag(value);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** For numbers of either sign near 0. */
  void signed(long value) {
    number(CodedOutputStream.encodeZigZag64(value));
  }

  void uuid(UUID id) {
    try {
      fields.writeRawBytes(
          ByteBuffer.allocate(16)
              .putLong(id.getMostSignificantBits())
              .putLong(id.getLeastSignificantBits())
              .array());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** The bytes alone; their length is a field of its own. */
  void raw(Bytes raw) {
    try {
      fields.writeRawBytes(raw.asByteBuffer());
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** The fields alone. */
  byte[] toByteArray() {
    try {
      fields.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** The fields in an envelope: magic (4 bytes), version (1), fields, CRC-32C of all that (4). */
  Bytes toEnvelope(FileKind kind) {
    byte[] payload = toByteArray();
    ByteBuffer envelope = ByteBuffer.allocate(payload.length + FieldReader.ENVELOPE_BYTES);
    envelope.putInt(kind.magic()).put(kind.version()).put(payload);
    CRC32C crc = new CRC32C();
    crc.update(envelope.array(), 0, envelope.position());
    envelope.putInt((int) crc.getValue());
    return Bytes.wrap(envelope.array());
  }
}
