package io.tributary.actors.cluster;

import io.tributary.actors.shard.ShardRequest;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.actors.shard.ShardUnavailable;
import io.tributary.persistence.model.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shards that journal every deletion they are told of, unless nobody serves them. */
final class FakeShardRouter implements ShardRouter {
  record Forget(DeletedTopic topic) implements ShardRequest<Boolean> {}

  record Told(ShardId shard, DeletedTopic topic) {}

  final List<Told> told = new ArrayList<>();
  final Set<ShardId> unserved = new HashSet<>();

  @Override
  @SuppressWarnings("unchecked") // A Forget asks for a Boolean.
  public <A> CompletionStage<A> ask(ShardId shard, ShardRequest<A> request, Duration timeout) {
    if (unserved.contains(shard)) {
      return CompletableFuture.failedFuture(new ShardUnavailable(shard, "nobody serves it"));
    }
    told.add(new Told(shard, ((Forget) request).topic()));
    return CompletableFuture.completedFuture((A) Boolean.TRUE);
  }
}
