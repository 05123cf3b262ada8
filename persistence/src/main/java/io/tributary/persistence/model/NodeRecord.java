package io.tributary.persistence.model;

/**
 * A running node, as the others see it: the value of {@code node/<name>}, written again with the
 * next heartbeat every second.
 *
 * @param name unique in the cluster, kept across restarts
 * @param incarnation this start of the node
 * @param brokerId the Kafka broker id, kept across restarts
 * @param clientAddress where Kafka clients are told to connect
 * @param clusterAddress where other nodes connect
 * @param zone empty without one
 * @param region empty without one
 * @param softwareVersion of Tributary
 * @param startedAtMs wall clock, milliseconds since the epoch
 * @param heartbeat rises with every write
 */
public record NodeRecord(
    String name,
    long incarnation,
    int brokerId,
    Address clientAddress,
    Address clusterAddress,
    String zone,
    String region,
    String softwareVersion,
    long startedAtMs,
    long heartbeat) {

  public record Address(String host, int port) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  public NodeRecord withHeartbeat(long next) {
    return new NodeRecord(
        name,
        incarnation,
        brokerId,
        clientAddress,
        clusterAddress,
        zone,
        region,
        softwareVersion,
        startedAtMs,
        next);
  }
}
