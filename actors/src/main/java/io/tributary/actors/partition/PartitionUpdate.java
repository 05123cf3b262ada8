package io.tributary.actors.partition;

import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PartitionId;
import java.util.List;

/** News of one partition. Everything in it is committed. */
public sealed interface PartitionUpdate {
  PartitionId partition();

  /**
   * All there is to know.
   *
   * @param paged the part of the index that stands in pages, in offset order
   * @param entries the part that does not, in offset order, going on where {@code paged} ends
   */
  record Snapshot(
      PartitionId partition,
      long logStartOffset,
      long highWatermark,
      List<IndexRun> paged,
      List<IndexEntry> entries)
      implements PartitionUpdate {
    public Snapshot {
      paged = List.copyOf(paged);
      entries = List.copyOf(entries);
    }
  }

  /**
   * A commit.
   *
   * @param entries new ones, to stand after those known; none when only the log start moved
   */
  record Committed(
      PartitionId partition, long logStartOffset, long highWatermark, List<IndexEntry> entries)
      implements PartitionUpdate {
    public Committed {
      entries = List.copyOf(entries);
    }
  }

  /** A checkpoint: {@code paged} takes the place of the earlier runs and of all entries below. */
  record Paged(PartitionId partition, List<IndexRun> paged) implements PartitionUpdate {
    public Paged {
      paged = List.copyOf(paged);
    }

    /** Entries below this offset stand in pages now. */
    public long throughOffset() {
      return paged.isEmpty() ? 0 : paged.getLast().nextOffset();
    }
  }

  /** The partition's topic was deleted. */
  record Deleted(PartitionId partition) implements PartitionUpdate {}
}
