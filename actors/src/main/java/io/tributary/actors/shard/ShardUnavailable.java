package io.tributary.actors.shard;

import io.tributary.persistence.model.ShardId;

/** No answer from the shard's owner: what was asked may or may not have been done. */
public final class ShardUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ShardUnavailable(ShardId shard, String why) {
    super("shard " + shard + " gave no answer: " + why, null, false, false);
  }
}
