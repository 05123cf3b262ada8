package io.tributary.actors.partition.model;

import io.tributary.persistence.model.BatchException;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.SliceDecision.Sequenced;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One partition's index and watermarks, as its owner keeps them: pages for what the last checkpoint
 * covers, entries for what is newer. What was appended becomes visible by {@link #commit}.
 */
public final class PartitionLog {
  /** Asks {@link #logStartFor} for the high watermark. */
  public static final long TO_HIGH_WATERMARK = -1;

  private List<IndexRun> paged;
  private final List<IndexEntry> entries = new ArrayList<>();
  private long nextOffset;
  private long highWatermark;

  /** Durable, and so visible. */
  private long logStartOffset;

  /** As decided, ahead of the commit. */
  private long decidedLogStartOffset;

  /** An empty log. */
  public PartitionLog() {
    this(0, 0, List.of());
  }

  public PartitionLog(long logStartOffset, long nextOffset, List<IndexRun> paged) {
    this.logStartOffset = logStartOffset;
    this.decidedLogStartOffset = logStartOffset;
    this.nextOffset = nextOffset;
    this.highWatermark = nextOffset;
    this.paged = List.copyOf(paged);
  }

  /** Where the appended batches of a decided slice stand; empty when none was appended. */
  public static Optional<IndexEntry> entry(
      FlushId object, PartitionSlice slice, Sequenced decision) {
    long nextOffset = decision.baseOffset();
    long maxTimestampMs = -1;
    List<Integer> skipped = decision.exceptions().stream().map(BatchException::batch).toList();
    int next = 0;
    for (int i = 0; i < slice.batches().size(); i++) {
      if (next < skipped.size() && skipped.get(next) == i) {
        next++;
      } else {
        BatchFacts batch = slice.batches().get(i);
        nextOffset += batch.records();
        maxTimestampMs = Math.max(maxTimestampMs, batch.maxTimestampMs());
      }
    }
    if (nextOffset == decision.baseOffset()) {
      return Optional.empty();
    }
    return Optional.of(
        new IndexEntry(
            object,
            slice.position(),
            slice.lengthBytes(),
            decision.baseOffset(),
            nextOffset,
            maxTimestampMs,
            skipped));
  }

  /**
   * @throws IllegalStateException when the entry does not follow the last one
   */
  public void append(IndexEntry entry) {
    if (entry.baseOffset() != nextOffset) {
      throw new IllegalStateException(
          "entry at offset " + entry.baseOffset() + ", but the next is " + nextOffset);
    }
    entries.add(entry);
    nextOffset = entry.nextOffset();
  }

  /** Everything below {@code nextOffset} is durable and decided. */
  public void commit(long nextOffset) {
    highWatermark = Math.max(highWatermark, nextOffset);
  }

  /**
   * The log start that DeleteRecords asks for; empty when it is out of range.
   *
   * @param beforeOffset {@link #TO_HIGH_WATERMARK} for the high watermark
   */
  public OptionalLong logStartFor(long beforeOffset) {
    if (beforeOffset == TO_HIGH_WATERMARK) {
      return OptionalLong.of(highWatermark);
    }
    return beforeOffset < 0 || beforeOffset > highWatermark
        ? OptionalLong.empty()
        : OptionalLong.of(beforeOffset);
  }

  /** The log start never goes back. */
  public void decideLogStart(long offset) {
    decidedLogStartOffset = Math.max(decidedLogStartOffset, offset);
  }

  public void commitLogStart(long offset) {
    decideLogStart(offset);
    logStartOffset = Math.max(logStartOffset, offset);
  }

  public long highWatermark() {
    return highWatermark;
  }

  public long logStartOffset() {
    return logStartOffset;
  }

  public long decidedLogStartOffset() {
    return decidedLogStartOffset;
  }

  public List<IndexRun> paged() {
    return paged;
  }

  /** All entries that are in no page, committed or not. */
  public List<IndexEntry> unpaged() {
    return List.copyOf(entries);
  }

  /** The committed ones of {@link #unpaged}. */
  public List<IndexEntry> committed() {
    int count = entries.size();
    while (count > 0 && entries.get(count - 1).nextOffset() > highWatermark) {
      count--;
    }
    return List.copyOf(entries.subList(0, count));
  }

  /** A checkpoint wrote pages: {@code paged} takes the place of the entries it covers. */
  public void page(List<IndexRun> paged) {
    this.paged = List.copyOf(paged);
    long throughOffset = paged.isEmpty() ? 0 : paged.getLast().nextOffset();
    int covered = 0;
    while (covered < entries.size() && entries.get(covered).nextOffset() <= throughOffset) {
      covered++;
    }
    entries.subList(0, covered).clear();
  }

  /** Stored bytes from the log start on, to the slice or run. */
  public long sizeBytes() {
    long bytes = 0;
    for (IndexRun run : paged) {
      bytes += run.nextOffset() > logStartOffset ? run.dataBytes() : 0;
    }
    for (IndexEntry entry : entries) {
      bytes += entry.nextOffset() > logStartOffset ? entry.lengthBytes() : 0;
    }
    return bytes;
  }
}
