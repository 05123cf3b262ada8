package io.tributary.node.topics;

import io.tributary.actors.cluster.ClusterImage;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * Checks a manual replica assignment as Apache Kafka does. It is accepted and then has no effect:
 * every node serves every partition.
 */
final class ReplicaAssignments {
  private ReplicaAssignments() {}

  /**
   * @param replicas how many the assignments before had
   */
  static Optional<ApiError> refusal(
      List<Integer> brokerIds, OptionalInt replicas, ClusterImage image) {
    if (brokerIds.isEmpty()) {
      return refused("The manual partition assignment includes an empty replica list.");
    }
    Set<Integer> seen = new HashSet<>();
    for (int id : brokerIds.stream().sorted().toList()) {
      if (image.broker(id).isEmpty()) {
        return refused(
            "The manual partition assignment includes broker "
                + id
                + ", but no such broker is registered.");
      }
      if (!seen.add(id)) {
        return refused(
            "The manual partition assignment includes the broker " + id + " more than once.");
      }
    }
    if (replicas.isPresent() && replicas.getAsInt() != brokerIds.size()) {
      return refused(
          "The manual partition assignment includes a partition with "
              + brokerIds.size()
              + " replica(s), but this is not consistent with previous partitions, which have "
              + replicas.getAsInt()
              + " replica(s).");
    }
    return Optional.empty();
  }

  private static Optional<ApiError> refused(String message) {
    return Optional.of(new ApiError(Errors.INVALID_REPLICA_ASSIGNMENT, message));
  }
}
