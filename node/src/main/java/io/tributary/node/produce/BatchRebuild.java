package io.tributary.node.produce;

import io.tributary.persistence.model.BatchFacts;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.CloseableIterator;

/**
 * Writes a batch anew: with the topic's own compression, or because its records' offsets do not
 * count up from 0. The batch must have been walked: its records are well formed.
 */
final class BatchRebuild {
  /** A batch whose records have more bytes is refused: rebuilding holds them on the heap. */
  static final long INFLATED_BYTES_MAX = 64L * 1024 * 1024;

  private static final int BUFFER_BYTES_MIN = 1_024;

  private final BatchHeader header;
  private final BatchRules rules;
  private final BufferSupplier buffers;

  BatchRebuild(BatchHeader header, BatchRules rules, BufferSupplier buffers) {
    this.header = header;
    this.rules = rules;
    this.buffers = buffers;
  }

  ByteBuffer rebuild(ByteBuffer batch, long nowMs) {
    Compression target = rules.targetOf(CompressionType.forId(header.compressionId()));
    ByteBufferOutputStream output =
        new ByteBufferOutputStream(Math.max(BUFFER_BYTES_MIN, header.sizeBytes()));
    try (MemoryRecordsBuilder builder = builder(output, target, nowMs);
        CloseableIterator<Record> records = only(batch).streamingIterator(buffers)) {
      long offset = 0;
      while (records.hasNext()) {
        builder.appendWithOffset(offset++, records.next());
      }
      return builder.build().buffer();
    }
  }

  private MemoryRecordsBuilder builder(
      ByteBufferOutputStream output, Compression target, long nowMs) {
    BatchFacts facts = header.facts();
    return new MemoryRecordsBuilder(
        output,
        RecordBatch.MAGIC_VALUE_V2,
        target,
        rules.timestampType(),
        0,
        nowMs,
        facts.producerId(),
        facts.producerEpoch(),
        facts.baseSequence(),
        header.isTransactional(),
        header.isControl(),
        RecordBatch.NO_PARTITION_LEADER_EPOCH,
        Integer.MAX_VALUE);
  }

  private static MutableRecordBatch only(ByteBuffer batch) {
    Iterator<MutableRecordBatch> batches =
        MemoryRecords.readableRecords(batch.duplicate()).batches().iterator();
    return batches.next();
  }
}
