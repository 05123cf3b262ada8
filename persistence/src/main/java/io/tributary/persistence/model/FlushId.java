package io.tributary.persistence.model;

/** One sealed intake object: the flush-th of an incarnation, counted from 1. Never used twice. */
public record FlushId(long incarnation, long flush) implements Comparable<FlushId> {
  @Override
  public int compareTo(FlushId other) {
    int byIncarnation = Long.compare(incarnation, other.incarnation);
    return byIncarnation != 0 ? byIncarnation : Long.compare(flush, other.flush);
  }

  @Override
  public String toString() {
    return incarnation + "." + flush;
  }
}
