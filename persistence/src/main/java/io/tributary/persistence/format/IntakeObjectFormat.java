package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionSlice;
import java.util.List;

public final class IntakeObjectFormat {
  /** The first slice stands behind the header. */
  public static final int HEADER_BYTES = 8;

  public static List<Bytes> assemble(FlushId flush, List<PartitionSlice> slices, List<Bytes> body) {
    throw new UnsupportedOperationException();
  }
}
