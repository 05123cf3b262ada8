package io.tributary.actors.shard;

import io.tributary.persistence.model.ShardId;
import java.util.concurrent.CompletableFuture;

/** A reply to somebody in this process. */
record LocalReply<A>(ShardId shard, CompletableFuture<A> future) implements ShardReply<A> {
  @Override
  public void answer(A answer) {
    future.complete(answer);
  }

  @Override
  public void unavailable(String why) {
    future.completeExceptionally(new ShardUnavailable(shard, why));
  }
}
