package io.tributary.node.produce;

import java.nio.ByteBuffer;

/** Records that were not compressed, read where they stand. */
final class BufferedRecords implements RecordInput {
  private final ByteBuffer buffer;
  private final int start;
  private final int end;
  private int next;

  BufferedRecords(ByteBuffer buffer) {
    this.buffer = buffer;
    this.start = buffer.position();
    this.end = buffer.limit();
    this.next = start;
  }

  @Override
  public long position() {
    return next - start;
  }

  @Override
  public byte readByte() throws MalformedRecordsException {
    if (next >= end) {
      throw new MalformedRecordsException("the batch ends within a record");
    }
    return buffer.get(next++);
  }

  @Override
  public void skip(int bytes) throws MalformedRecordsException {
    if (bytes > end - next) {
      throw new MalformedRecordsException("the batch ends within a record");
    }
    next += bytes;
  }

  @Override
  public boolean isAtEnd() {
    return next >= end;
  }
}
