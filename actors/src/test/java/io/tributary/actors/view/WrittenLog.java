package io.tributary.actors.view;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.IntakeObjectFormat;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.objects.ObjectStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Writes real intake objects with real batches, and remembers what readers must find. */
final class WrittenLog {
  /** A slice that another partition owns stands before ours, so that positions are not trivial. */
  private static final PartitionId OTHER = new PartitionId(new java.util.UUID(9, 9), 3);

  private final PartitionId partition;
  private final ObjectStore store;
  private final List<Expected> records = new ArrayList<>();
  private long nextFlush = 1;
  private long nextOffset;

  /** A record that is in the log. */
  record Expected(long offset, long timestampMs, String value) {}

  /** A batch to be written. */
  record Batch(boolean inLog, Compression compression, List<Long> timestampsMs) {}

  /** An object that was written: its bytes are as a writer keeps them, cut in parts. */
  record Written(IndexEntry entry, List<Bytes> parts) {}

  WrittenLog(PartitionId partition, ObjectStore store) {
    this.partition = partition;
    this.store = store;
  }

  List<Expected> records() {
    return records;
  }

  long nextOffset() {
    return nextOffset;
  }

  static Batch plain(Long... timestampsMs) {
    return new Batch(true, Compression.NONE, List.of(timestampsMs));
  }

  static Batch skipped(Long... timestampsMs) {
    return new Batch(false, Compression.NONE, List.of(timestampsMs));
  }

  Written write(Batch... batches) {
    return write(List.of(batches), Integer.MAX_VALUE);
  }

  /**
   * @param cutBytes how long the parts are that the object is cut into
   */
  Written write(List<Batch> batches, int cutBytes) {
    FlushId flush = new FlushId(1, nextFlush++);
    byte[] other = batch(OTHER.toString(), List.of(1L), Compression.NONE);
    List<byte[]> ours = new ArrayList<>();
    List<BatchFacts> facts = new ArrayList<>();
    List<Integer> skipped = new ArrayList<>();
    long baseOffset = nextOffset;
    long maxTimestampMs = -1;
    int lengthBytes = 0;
    for (int i = 0; i < batches.size(); i++) {
      Batch batch = batches.get(i);
      String name = flush + "/" + i;
      byte[] bytes = batch(name, batch.timestampsMs, batch.compression);
      ours.add(bytes);
      facts.add(facts(bytes, batch.timestampsMs));
      lengthBytes += bytes.length;
      if (!batch.inLog) {
        skipped.add(i);
        continue;
      }
      for (int j = 0; j < batch.timestampsMs.size(); j++) {
        long timestampMs = batch.timestampsMs.get(j);
        records.add(new Expected(nextOffset++, timestampMs, name + "/" + j));
        maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
      }
    }
    int position = IntakeObjectFormat.HEADER_BYTES + other.length;
    List<PartitionSlice> slices =
        List.of(
            new PartitionSlice(
                OTHER, IntakeObjectFormat.HEADER_BYTES, List.of(facts(other, List.of(1L)))),
            new PartitionSlice(partition, position, facts));
    List<Bytes> parts = assemble(flush, slices, join(other, ours), cutBytes);
    store.putIfAbsent(ObjectNames.intake(flush), parts);
    IndexEntry entry =
        new IndexEntry(
            flush, position, lengthBytes, baseOffset, nextOffset, maxTimestampMs, skipped);
    return new Written(entry, parts);
  }

  private static List<Bytes> assemble(
      FlushId flush, List<PartitionSlice> slices, byte[] body, int cutBytes) {
    List<Bytes> cut = new ArrayList<>();
    for (int from = 0; from < body.length; from += Math.min(cutBytes, body.length)) {
      cut.add(Bytes.wrap(body, from, Math.min(cutBytes, body.length - from)));
    }
    return IntakeObjectFormat.assemble(flush, slices, cut);
  }

  private static byte[] join(byte[] first, List<byte[]> rest) {
    ByteBuffer joined =
        ByteBuffer.allocate(first.length + rest.stream().mapToInt(one -> one.length).sum());
    joined.put(first);
    rest.forEach(joined::put);
    return joined.array();
  }

  private static BatchFacts facts(byte[] batch, List<Long> timestampsMs) {
    return new BatchFacts(
        batch.length,
        timestampsMs.size(),
        (short) 0,
        timestampsMs.stream().mapToLong(one -> one).max().orElse(-1),
        BatchFacts.NO_PRODUCER,
        (short) -1,
        -1);
  }

  /** As a producer sends it: base offset 0. */
  private static byte[] batch(String name, List<Long> timestampsMs, Compression compression) {
    SimpleRecord[] written = new SimpleRecord[timestampsMs.size()];
    for (int i = 0; i < written.length; i++) {
      byte[] value = (name + "/" + i).getBytes(StandardCharsets.UTF_8);
      written[i] = new SimpleRecord(timestampsMs.get(i), value);
    }
    ByteBuffer buffer = MemoryRecords.withRecords(compression, written).buffer();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
