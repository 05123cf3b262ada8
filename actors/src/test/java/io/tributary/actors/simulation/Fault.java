package io.tributary.actors.simulation;

/** What goes wrong in a simulation; each must be seen to happen. */
enum Fault {
  /** The object stands there, and nobody learns of it. */
  OBJECT_ANSWER_LOST(4),
  OBJECT_REQUEST_LOST(3),
  /** Its outcome is given up, and then it lands. */
  OBJECT_REQUEST_LATE(3),
  OBJECT_READ_FAILED(4),
  OBJECT_SLOW(8),
  METADATA_ANSWER_LOST(3),
  METADATA_REQUEST_LOST(2),
  METADATA_REQUEST_LATE(3),
  METADATA_READ_FAILED(4),
  METADATA_SLOW(5),
  ASK_LOST(4),
  ASK_ANSWER_LOST(4),
  ASK_TWICE(8),
  ASK_LATE(5),
  ASK_MISROUTED(3),
  FEED_LOST(3),
  FEED_LATE(5),
  /** A client's request is not carried out, or its answer is lost. */
  CONNECTION_BROKEN(2),
  /** Requests to a store that were on their way when their process died, and never arrived. */
  REQUEST_DIED_WITH_PROCESS(50),

  // What befalls nodes; the cluster decides when.
  CRASH(0),
  PAUSE(0),
  RESTART_BESIDE_PAUSED(0),
  FAIL_OVER(0),
  HAND_OVER(0),
  MOVED_WITHOUT_RELEASE(0),
  STORE_OUTAGE(0),
  ORDERLY_STOP(0),

  // What follows from it, and must be seen as well.
  COMMIT_REFUSED(0),
  COMMIT_FOUND_ITSELF(0),
  NODE_SUPERSEDED(0),
  CLIENT_TIMEOUT(0),
  BATCH_UNDECIDED(0),
  BATCH_REPEATED(0),
  BATCH_REFUSED(0),
  APPEND_GAP(0),
  CHECKPOINT_PUBLISHED(0),
  RECORDS_ONLY_IN_CHECKPOINT(0),
  RECOVERED_FROM_CHECKPOINT(0),
  REPLAYED_EXCEPTIONS(0),
  LOG_START_MOVED(0),
  PAGES_READ(0),
  PRODUCER_EPOCH_RAISED(0);

  final int percent;

  Fault(int percent) {
    this.percent = percent;
  }
}
