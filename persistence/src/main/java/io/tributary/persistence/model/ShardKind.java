package io.tributary.persistence.model;

import java.util.Locale;

/** What a shard is a set of. */
public enum ShardKind {
  PARTITIONS,
  GROUPS,
  TRANSACTIONS;

  /** As it stands in keys of the metadata store. */
  public String keyName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
