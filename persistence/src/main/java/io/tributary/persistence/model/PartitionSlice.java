package io.tributary.persistence.model;

import java.util.List;

/**
 * One partition's share of an intake object: its batches side by side, in the order they were
 * gathered.
 *
 * @param position first byte inside the object
 */
public record PartitionSlice(PartitionId partition, int position, List<BatchFacts> batches) {
  public PartitionSlice {
    batches = List.copyOf(batches);
  }

  public int lengthBytes() {
    int length = 0;
    for (BatchFacts batch : batches) {
      length += batch.sizeBytes();
    }
    return length;
  }
}
