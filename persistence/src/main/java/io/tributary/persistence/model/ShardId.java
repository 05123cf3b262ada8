package io.tributary.persistence.model;

/** One shard: the unit that is placed, owned, fenced, journaled and checkpointed. */
public record ShardId(ShardKind kind, int index) implements Comparable<ShardId> {
  @Override
  public int compareTo(ShardId other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : Integer.compare(index, other.index);
  }

  @Override
  public String toString() {
    return kind.keyName() + "/" + index;
  }
}
