package io.tributary.actors.cluster;

import io.tributary.persistence.model.ClusterIdentity;

/**
 * Who this process is, once the metadata store has been reached.
 *
 * @param name of the node, kept across restarts
 * @param incarnation this start of the node; never used before nor again
 * @param brokerId the node's Kafka broker id, kept across restarts
 */
public record NodeIdentity(ClusterIdentity cluster, String name, long incarnation, int brokerId) {}
