package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PageId;
import io.tributary.persistence.model.PartitionId;
import java.util.List;

/**
 * Index pages of partition shards: runs of many partitions, one after the other, each an envelope
 * of its own, so that one can be read by itself and is proven by itself.
 */
public final class IndexFormat {
  private static final int ENTRY_BYTES_MIN = 8;
  private static final int RUN_BYTES_MIN = 10;

  /** What the first entry's fields are relative to. */
  private static final IndexEntry BEFORE_FIRST =
      new IndexEntry(new FlushId(0, 0), 0, 0, 0, 0, 0, List.of());

  private IndexFormat() {}

  /** A run of level 0. */
  public static Bytes encodeEntries(PartitionId partition, List<IndexEntry> entries) {
    FieldWriter out = begin(partition, 0);
    out.number(entries.size());
    IndexEntry before = BEFORE_FIRST;
    for (IndexEntry entry : entries) {
      writeEntry(out, before, entry);
      before = entry;
    }
    return out.toEnvelope(FileKind.INDEX_RUN);
  }

  /**
   * A run of a level above 0.
   *
   * @param runs of the level below
   */
  public static Bytes encodeRuns(PartitionId partition, int level, List<IndexRun> runs) {
    FieldWriter out = begin(partition, level);
    writeRuns(out, runs);
    return out.toEnvelope(FileKind.INDEX_RUN);
  }

  /**
   * @param run of level 0, whose bytes these are
   * @throws DamagedException when the bytes are not those of this run of this partition
   */
  public static List<IndexEntry> decodeEntries(PartitionId partition, IndexRun run, Bytes bytes) {
    FieldReader in = open(partition, run, bytes);
    IndexEntry[] before = {BEFORE_FIRST};
    List<IndexEntry> entries =
        in.list(
            ENTRY_BYTES_MIN,
            () -> {
              before[0] = readEntry(in, before[0]);
              return before[0];
            });
    in.end();
    if (entries.isEmpty()
        || entries.getFirst().baseOffset() != run.baseOffset()
        || entries.getLast().nextOffset() != run.nextOffset()) {
      throw in.damaged("it holds other offsets than its run");
    }
    return entries;
  }

  /**
   * @param run of a level above 0, whose bytes these are
   * @throws DamagedException when the bytes are not those of this run of this partition
   */
  public static List<IndexRun> decodeRuns(PartitionId partition, IndexRun run, Bytes bytes) {
    FieldReader in = open(partition, run, bytes);
    List<IndexRun> runs = readRuns(in, run.page().shard());
    in.end();
    if (runs.isEmpty()
        || runs.getFirst().baseOffset() != run.baseOffset()
        || runs.getLast().nextOffset() != run.nextOffset()) {
      throw in.damaged("it holds other offsets than its run");
    }
    return runs;
  }

  static void writeRuns(FieldWriter out, List<IndexRun> runs) {
    out.number(runs.size());
    long nextOffset = 0;
    long timestampMs = 0;
    for (IndexRun run : runs) {
      out.number(run.page().ownerEpoch());
      out.number(run.page().number());
      out.number(run.position());
      out.number(run.lengthBytes());
      out.number(run.level());
      out.number(run.count());
      out.number(run.baseOffset() - nextOffset);
      out.number(run.nextOffset() - run.baseOffset());
      out.number(run.dataBytes());
      out.signed(run.maxTimestampMs() - timestampMs);
      nextOffset = run.nextOffset();
      timestampMs = run.maxTimestampMs();
    }
  }

  static List<IndexRun> readRuns(FieldReader in, int shard) {
    long[] nextOffset = {0};
    long[] timestampMs = {0};
    return in.list(
        RUN_BYTES_MIN,
        () -> {
          PageId page = new PageId(shard, in.number(), in.number());
          int position = in.size();
          int lengthBytes = in.size();
          int level = in.size();
          int count = in.size();
          long baseOffset = nextOffset[0] + in.number();
          nextOffset[0] = baseOffset + in.number();
          long dataBytes = in.number();
          timestampMs[0] += in.signed();
          return new IndexRun(
              page,
              position,
              lengthBytes,
              level,
              count,
              baseOffset,
              nextOffset[0],
              dataBytes,
              timestampMs[0]);
        });
  }

  private static FieldWriter begin(PartitionId partition, int level) {
    FieldWriter out = new FieldWriter();
    out.uuid(partition.topicId());
    out.number(partition.partition());
    out.number(level);
    return out;
  }

  private static FieldReader open(PartitionId partition, IndexRun run, Bytes bytes) {
    String name = ObjectNames.page(run.page()) + " at " + run.position();
    FieldReader in = FieldReader.ofEnvelope(name, FileKind.INDEX_RUN, bytes);
    PartitionId found = new PartitionId(in.uuid(), in.size());
    int level = in.size();
    if (!found.equals(partition) || level != run.level()) {
      throw in.damaged(
          "it holds level %d of %s, not level %d of %s"
              .formatted(level, found, run.level(), partition));
    }
    return in;
  }

  private static void writeEntry(FieldWriter out, IndexEntry before, IndexEntry entry) {
    out.signed(entry.object().incarnation() - before.object().incarnation());
    out.signed(entry.object().flush() - before.object().flush());
    out.number(entry.position());
    out.number(entry.lengthBytes());
    out.number(entry.baseOffset() - before.nextOffset());
    out.number(entry.nextOffset() - entry.baseOffset());
    out.signed(entry.maxTimestampMs() - before.maxTimestampMs());
    out.number(entry.skipped().size());
    int batch = 0;
    for (int skipped : entry.skipped()) {
      out.number(skipped - batch);
      batch = skipped;
    }
  }

  private static IndexEntry readEntry(FieldReader in, IndexEntry before) {
    FlushId object =
        new FlushId(
            before.object().incarnation() + in.signed(), before.object().flush() + in.signed());
    int position = in.size();
    int lengthBytes = in.size();
    long baseOffset = before.nextOffset() + in.number();
    long nextOffset = baseOffset + in.number();
    long maxTimestampMs = before.maxTimestampMs() + in.signed();
    int[] batch = {0};
    List<Integer> skipped =
        in.list(
            1,
            () -> {
              batch[0] = in.size(batch[0]);
              return batch[0];
            });
    return new IndexEntry(
        object, position, lengthBytes, baseOffset, nextOffset, maxTimestampMs, skipped);
  }
}
