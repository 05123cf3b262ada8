package io.tributary.persistence.model;

/** Why a batch is not in the log and never will be. */
public enum Refusal {
  OUT_OF_ORDER_SEQUENCE,

  /** Appended before, but so long ago that its offset is not remembered. */
  DUPLICATE_SEQUENCE,
  INVALID_PRODUCER_EPOCH,
  UNKNOWN_PARTITION
}
