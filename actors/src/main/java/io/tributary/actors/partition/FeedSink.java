package io.tributary.actors.partition;

/** A subscriber's end of a shard's feed, wherever it runs. Never blocks; messages may get lost. */
@FunctionalInterface
public interface FeedSink {
  void tell(FeedMessage message);
}
