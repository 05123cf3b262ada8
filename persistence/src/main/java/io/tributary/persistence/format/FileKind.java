package io.tributary.persistence.format;

/** The kinds of bytes that are stored, each with what it begins with and its version. */
enum FileKind {
  INTAKE_HEADER("TRIO", 1),
  INTAKE_FOOTER("TRIF", 1),
  PARTITION_EVENT("TRPE", 1),
  INDEX_RUN("TRIR", 1),
  PARTITION_SHARD_CHECKPOINT("TRPC", 1),
  GROUP_RECORDS("TRGR", 1);

  private final String text;
  private final int magic;
  private final byte version;

  FileKind(String text, int version) {
    this.text = text;
    int bits = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      bits = bits << Byte.SIZE | text.charAt(i);
    }
    this.magic = bits;
    this.version = (byte) version;
  }

  int magic() {
    return magic;
  }

  byte version() {
    return version;
  }

  void checkMagic(String name, int found) {
    if (found != magic) {
      throw new DamagedException(
          name, "it begins with 0x%08x, not with '%s'".formatted(found, text));
    }
  }

  void checkVersion(String name, byte found) {
    if (found != version) {
      throw new DamagedException(
          name,
          "it has version %d of '%s', this node reads version %d".formatted(found, text, version));
    }
  }
}
