package io.tributary.actors.view;

import io.tributary.actors.loop.EventLoop;
import io.tributary.actors.shard.ShardRouter;

/**
 * What the views of a node run on.
 *
 * @param subscriber names this start of this node: unique in the cluster and over restarts
 */
public record ViewsContext(
    EventLoop loop, ShardRouter router, String subscriber, ViewSettings settings) {}
