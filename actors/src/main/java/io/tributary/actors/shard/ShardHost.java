package io.tributary.actors.shard;

import io.tributary.actors.loop.EventLoop;

/** The place a shard runs in: the shell around a {@link ShardRuntime}. */
public interface ShardHost {
  EventLoop loop();

  /** As {@link ShardContext#startChild}; ends with the host. */
  ShardContext.ChildLoop startChild(String name);
}
