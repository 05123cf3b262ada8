package io.tributary.persistence.model;

/**
 * What a cluster is for ever: the value of the {@code cluster} key, written once.
 *
 * @param id 22 characters, as Kafka prints its UUIDs
 * @param formatVersion of everything that is stored
 */
public record ClusterIdentity(String id, int formatVersion, ShardCounts shards) {
  public static final int FORMAT_VERSION = 1;
}
