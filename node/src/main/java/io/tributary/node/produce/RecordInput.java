package io.tributary.node.produce;

/** The records of a batch, uncompressed, read from the first byte to the last. */
interface RecordInput {
  /** Bytes read so far. */
  long position();

  byte readByte() throws MalformedRecordsException;

  void skip(int bytes) throws MalformedRecordsException;

  boolean isAtEnd() throws MalformedRecordsException;

  /** A zigzag variable-length integer of at most 32 bits, as Protocol Buffers have it. */
  default int readVarint() throws MalformedRecordsException {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte next = readByte();
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new MalformedRecordsException("a variable-length integer has more than 5 bytes");
  }

  /** A zigzag variable-length integer of at most 64 bits. */
  default long readVarlong() throws MalformedRecordsException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = readByte();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new MalformedRecordsException("a variable-length integer has more than 10 bytes");
  }
}
