package io.tributary.persistence.format;

import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionSlice;
import java.util.List;

/** The index at the end of an intake object: what it holds, in the order it stands there. */
public record IntakeFooter(FlushId flush, List<PartitionSlice> slices) {
  public IntakeFooter {
    slices = List.copyOf(slices);
  }
}
