package io.tributary.node.cluster;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.utils.Utils;

/**
 * The operations that answers list as allowed, as Kafka's bit fields. Without an authorizer a
 * client may do everything that a resource knows.
 */
public final class AuthorizedOperations {
  /** All operations on a topic. */
  public static final int TOPIC =
      bits(
          AclOperation.READ,
          AclOperation.WRITE,
          AclOperation.CREATE,
          AclOperation.DESCRIBE,
          AclOperation.DELETE,
          AclOperation.ALTER,
          AclOperation.DESCRIBE_CONFIGS,
          AclOperation.ALTER_CONFIGS);

  /** All operations on a group. */
  public static final int GROUP =
      bits(
          AclOperation.READ,
          AclOperation.DELETE,
          AclOperation.DESCRIBE,
          AclOperation.DESCRIBE_CONFIGS,
          AclOperation.ALTER_CONFIGS);

  /** All operations on the cluster. */
  public static final int CLUSTER =
      bits(
          AclOperation.CREATE,
          AclOperation.CLUSTER_ACTION,
          AclOperation.DESCRIBE_CONFIGS,
          AclOperation.ALTER_CONFIGS,
          AclOperation.IDEMPOTENT_WRITE,
          AclOperation.ALTER,
          AclOperation.DESCRIBE);

  private AuthorizedOperations() {}

  private static int bits(AclOperation... operations) {
    Set<Byte> codes =
        Stream.of(operations).map(AclOperation::code).collect(Collectors.toUnmodifiableSet());
    return Utils.to32BitField(codes);
  }
}
