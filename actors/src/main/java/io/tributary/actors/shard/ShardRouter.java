package io.tributary.actors.shard;

import io.tributary.persistence.model.ShardId;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** The way to a shard, wherever in the cluster it is owned. */
public interface ShardRouter {
  /**
   * Sends {@code request} to the shard's owner. The request may arrive not at all, or (when the
   * caller sends it again) more than once.
   *
   * @return the answer; {@link ShardUnavailable} as failure when none came within {@code timeout}
   *     or nobody serves the shard now: the outcome is unknown, the request may still be carried
   *     out
   */
  <A> CompletionStage<A> ask(ShardId shard, ShardRequest<A> request, Duration timeout);
}
