package io.tributary.actors.view;

import io.tributary.actors.loop.EventLoop;
import io.tributary.persistence.cache.BlockCache;
import io.tributary.persistence.cache.PageReader;
import java.util.concurrent.Executor;

/**
 * What reading needs besides the views.
 *
 * @param loop orders the loading of blocks; the views' loop will do
 * @param decoding decompresses batches to look at their records' timestamps; bounded
 */
public record ReadResources(
    BlockCache cache, PageReader pages, EventLoop loop, Executor decoding) {}
