package io.tributary.persistence.cache;

import io.tributary.persistence.format.DamagedException;
import io.tributary.persistence.model.PartitionSlice;
import java.util.List;

/** What became of reading an intake object's footer. */
public sealed interface FooterOutcome {
  /**
   * @param slices of one shard's partitions, in the footer's order
   */
  record Found(List<PartitionSlice> slices) implements FooterOutcome {
    public Found {
      slices = List.copyOf(slices);
    }
  }

  /** The store says that there is no such object. */
  record Absent() implements FooterOutcome {}

  record Damaged(DamagedException cause) implements FooterOutcome {}

  record Unknown(Throwable cause) implements FooterOutcome {}
}
