package io.tributary.persistence.model;

/**
 * One immutable index page of a partition shard: the number-th that one ownership wrote. Never used
 * twice.
 */
public record PageId(int shard, long ownerEpoch, long number) {
  @Override
  public String toString() {
    return shard + "/" + ownerEpoch + "-" + number;
  }
}
