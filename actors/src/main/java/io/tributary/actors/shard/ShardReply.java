package io.tributary.actors.shard;

/** Where the one answer to a request goes; called on the shard's loop, once. */
public interface ShardReply<A> {
  void answer(A answer);

  /** Not now: the request may or may not be carried out. */
  void unavailable(String why);
}
