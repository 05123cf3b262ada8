package io.tributary.actors.shard;

import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.model.ShardId;

/** What a shard's logic may use, from one acquisition to the loss of it. */
public interface ShardContext {
  ShardId shard();

  /** Raised by every acquisition; one epoch has one owner for ever. */
  long ownerEpoch();

  /** The node's incarnation that owns the shard. */
  long incarnation();

  /** The loop the logic is confined to. */
  EventLoop loop();

  Journal journal();

  /**
   * Starts a loop for one part of the shard (a partition, a group): in production a child actor of
   * the shard's actor. It ends with the ownership; what is given to it afterwards is dropped.
   *
   * @param name unique among the running children of the shard; {@code [A-Za-z0-9._-]}
   */
  ChildLoop startChild(String name);

  interface ChildLoop extends EventLoop {
    /** Ends the loop; tasks it has not run are dropped. */
    void stop();
  }
}
