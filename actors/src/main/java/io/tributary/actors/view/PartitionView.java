package io.tributary.actors.view;

import io.tributary.actors.partition.PartitionUpdate.Committed;
import io.tributary.actors.partition.PartitionUpdate.Paged;
import io.tributary.actors.partition.PartitionUpdate.Snapshot;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import java.util.List;

/**
 * What a node knows of one partition's log at one time. Immutable, and everything in it is
 * committed, so it stays true for ever but for the log start.
 *
 * @param highWatermark the first offset that cannot be read yet; also the last stable offset
 * @param paged the index below {@code entries}, in pages; in offset order
 * @param entries the newest part of the index
 */
record PartitionView(
    long logStartOffset, long highWatermark, List<IndexRun> paged, EntryList entries) {

  static PartitionView of(Snapshot snapshot) {
    return new PartitionView(
        snapshot.logStartOffset(),
        snapshot.highWatermark(),
        snapshot.paged(),
        EntryList.of(snapshot.entries()));
  }

  /** Whether {@code news} goes on where this view ends; if not, something was missed. */
  boolean continuesWith(Committed news) {
    if (news.highWatermark() < highWatermark || news.logStartOffset() < logStartOffset) {
      return false;
    }
    return news.entries().isEmpty() || news.entries().getFirst().baseOffset() == indexedTo();
  }

  PartitionView with(Committed news) {
    return new PartitionView(
        news.logStartOffset(),
        news.highWatermark(),
        paged,
        entries.append(news.entries()).dropBelow(news.logStartOffset()));
  }

  PartitionView with(Paged news) {
    return new PartitionView(
        logStartOffset, highWatermark, news.paged(), entries.dropBelow(news.throughOffset()));
  }

  /** Whether the entry that holds {@code offset} is in memory; if not, it stands in the pages. */
  boolean hasInMemory(long offset) {
    return !entries.isEmpty() && offset >= entries.firstOffset();
  }

  /** About how many bytes stand from {@code offset} on, counted no further than {@code enough}. */
  int readableBytes(long offset, int enough) {
    if (offset >= highWatermark || enough <= 0) {
      return 0;
    }
    if (!hasInMemory(offset)) {
      return enough;
    }
    int readable = 0;
    for (int i = entries.indexOf(offset); i < entries.size() && readable < enough; i++) {
      IndexEntry entry = entries.get(i);
      if (entry.baseOffset() >= highWatermark) {
        break;
      }
      readable = (int) Math.min(enough, (long) readable + entry.lengthBytes());
    }
    return readable;
  }

  private long indexedTo() {
    if (!entries.isEmpty()) {
      return entries.nextOffset();
    }
    long pagedTo = paged.isEmpty() ? 0 : paged.getLast().nextOffset();
    return Math.max(pagedTo, logStartOffset);
  }
}
