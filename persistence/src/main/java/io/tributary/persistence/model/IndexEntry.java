package io.tributary.persistence.model;

import java.util.List;

/**
 * Where the batches of a range of offsets stand: one partition's slice of one intake object.
 *
 * @param position of the slice's first byte inside the object
 * @param lengthBytes of the whole slice, skipped batches included
 * @param baseOffset of the first batch that is not skipped
 * @param nextOffset one more than the last offset
 * @param maxTimestampMs largest of the batches that are not skipped; -1 when none
 * @param skipped indexes of batches that are not in the log, ascending; empty nearly always
 */
public record IndexEntry(
    FlushId object,
    int position,
    int lengthBytes,
    long baseOffset,
    long nextOffset,
    long maxTimestampMs,
    List<Integer> skipped) {
  public IndexEntry {
    skipped = List.copyOf(skipped);
  }
}
