package io.tributary.actors.view;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.IndexEntry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * Looks at the timestamps of the records of one slice. The only place that reads records: it
 * decompresses, so it runs on the pool for that.
 *
 * @param fromOffset records below it are deleted
 * @param endOffset records from it on cannot be read yet
 */
record RecordTimestamps(IndexEntry entry, List<Bytes> slice, long fromOffset, long endOffset) {

  /** The first record, in offset order, of {@code timestampMs} or later. */
  Optional<OffsetOutcome.Found> firstFrom(long timestampMs) {
    BatchWalk walk = new BatchWalk(entry, slice);
    while (walk.next()) {
      if (walk.nextOffset() > fromOffset && walk.maxTimestampMs() >= timestampMs) {
        Optional<OffsetOutcome.Found> found = firstFrom(timestampMs, walk.copy());
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** The first of the records with the largest timestamp. */
  Optional<OffsetOutcome.Found> largest() {
    Optional<OffsetOutcome.Found> largest = Optional.empty();
    BatchWalk walk = new BatchWalk(entry, slice);
    while (walk.next()) {
      boolean mayBeLarger =
          largest.isEmpty() || walk.maxTimestampMs() > largest.get().timestampMs();
      if (walk.nextOffset() > fromOffset && mayBeLarger) {
        largest = largest(largest, walk.copy());
      }
    }
    return largest;
  }

  private Optional<OffsetOutcome.Found> firstFrom(long timestampMs, ByteBuffer batch) {
    try (BufferSupplier buffers = BufferSupplier.create();
        CloseableIterator<Record> records = only(batch).skipKeyValueIterator(buffers)) {
      while (records.hasNext()) {
        Record record = records.next();
        if (isReadable(record) && record.timestamp() >= timestampMs) {
          return Optional.of(new OffsetOutcome.Found(record.offset(), record.timestamp()));
        }
      }
      return Optional.empty();
    }
  }

  private Optional<OffsetOutcome.Found> largest(
      Optional<OffsetOutcome.Found> known, ByteBuffer batch) {
    Optional<OffsetOutcome.Found> largest = known;
    try (BufferSupplier buffers = BufferSupplier.create();
        CloseableIterator<Record> records = only(batch).skipKeyValueIterator(buffers)) {
      while (records.hasNext()) {
        Record record = records.next();
        boolean isLarger = largest.isEmpty() || record.timestamp() > largest.get().timestampMs();
        if (isReadable(record) && isLarger) {
          largest = Optional.of(new OffsetOutcome.Found(record.offset(), record.timestamp()));
        }
      }
    }
    return largest;
  }

  private boolean isReadable(Record record) {
    return record.offset() >= fromOffset && record.offset() < endOffset;
  }

  private static MutableRecordBatch only(ByteBuffer batch) {
    return MemoryRecords.readableRecords(batch).batches().iterator().next();
  }
}
