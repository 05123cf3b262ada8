package io.tributary.actors.shard;

import io.tributary.persistence.Bytes;

/** A shard's ordered, fenced record of decisions. */
public interface Journal {
  /** The largest record; larger facts go to an object, and the record names it. */
  int RECORD_BYTES_MAX = 768 * 1024;

  /**
   * Appends {@code record}; {@code committed} runs on the shard's loop once it is durable under
   * this ownership. Records commit in the order of appending. When a commit is refused (fenced)
   * {@code committed} never runs and the runtime stops the logic; when its outcome is unknown, the
   * same bytes are sent again until it is known.
   */
  void append(Bytes record, Runnable committed);

  /**
   * Whether reads that promise the newest may be answered now: the node's right to serve holds on
   * its own monotonic clock (DESIGN: ownership).
   */
  boolean hasRightToServe();
}
