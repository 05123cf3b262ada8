package io.tributary.actors.cluster;

/** Whose configs stand under {@code config/}. */
public sealed interface ConfigOwner {
  /** Every broker of the cluster that has no config of its own. */
  record EveryBroker() implements ConfigOwner {}

  record Broker(int id) implements ConfigOwner {}

  record Group(String id) implements ConfigOwner {}
}
