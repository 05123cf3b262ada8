package io.tributary.node.fetch;

import io.tributary.actors.shard.ShardRequest;
import io.tributary.actors.shard.ShardRouter;
import io.tributary.actors.shard.ShardUnavailable;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Answers what shards are asked by a test's rule; without one nobody answers. */
final class FakePartitions implements ShardRouter {
  private static final ShardId NOWHERE = new ShardId(ShardKind.PARTITIONS, 0);

  private final List<ShardRequest<?>> asked = new ArrayList<>();
  private Function<ShardRequest<?>, Object> rule =
      request -> {
        throw new ShardUnavailable(NOWHERE, "nobody answers " + request);
      };

  void answer(Function<ShardRequest<?>, Object> byRule) {
    rule = byRule;
  }

  List<ShardRequest<?>> asked() {
    return asked;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <A> CompletionStage<A> ask(ShardId shard, ShardRequest<A> request, Duration timeout) {
    asked.add(request);
    try {
      return CompletableFuture.completedFuture((A) rule.apply(request));
    } catch (ShardUnavailable unavailable) {
      return CompletableFuture.failedFuture(unavailable);
    }
  }
}
