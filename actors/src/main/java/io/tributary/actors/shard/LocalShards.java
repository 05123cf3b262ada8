package io.tributary.actors.shard;

import io.tributary.persistence.model.ShardId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;

/** The shard actors that run in this process: the short way to them. */
final class LocalShards {
  private final Map<ShardId, ActorRef<ShardMessage>> actors = new ConcurrentHashMap<>();

  void onStarted(ShardId shard, ActorRef<ShardMessage> actor) {
    actors.put(shard, actor);
  }

  void onStopped(ShardId shard, ActorRef<ShardMessage> actor) {
    actors.remove(shard, actor);
  }

  Optional<ActorRef<ShardMessage>> find(ShardId shard) {
    return Optional.ofNullable(actors.get(shard));
  }
}
