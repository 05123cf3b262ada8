package io.tributary.persistence.model;

/**
 * Who may write for a shard: the value of its {@code owner} key.
 *
 * @param epoch raised by every acquisition, from 1
 * @param incarnation of the owning node
 * @param attempt tells one attempt to acquire from any other, also one of the same node at the same
 *     epoch: a commit compares the whole value
 * @param released given up by its owner: anyone may acquire at once
 */
public record ShardOwner(long epoch, long incarnation, long attempt, boolean released) {
  public ShardOwner asReleased() {
    return new ShardOwner(epoch, incarnation, attempt, true);
  }
}
