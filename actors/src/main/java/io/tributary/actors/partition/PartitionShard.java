package io.tributary.actors.partition;

final class PartitionShard {
  static final int SUBSCRIPTION_SECONDS = 30;
  static final int BEAT_MS = 500;
}
