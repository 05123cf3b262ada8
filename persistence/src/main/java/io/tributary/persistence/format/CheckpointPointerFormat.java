package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.CheckpointPointer;

/** {@link CheckpointPointer} as the value of {@code shard/<kind>/<s>/checkpoint}. */
public final class CheckpointPointerFormat {
  private CheckpointPointerFormat() {}

  public static Bytes write(CheckpointPointer pointer) {
    return TextRecord.builder()
        .with("object", pointer.object())
        .with("journal", pointer.journalNumber())
        .with("length", pointer.lengthBytes())
        .with("crc32c", pointer.crc())
        .write();
  }

  public static CheckpointPointer read(Bytes bytes) {
    TextRecord fields = TextRecord.read(bytes);
    return new CheckpointPointer(
        fields.text("object"),
        fields.number("journal"),
        fields.integer("length"),
        fields.number("crc32c"));
  }
}
