package io.tributary.node.groups;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.utils.Utils;

/** What a client may do with a group: everything there is, as long as nothing is authorized. */
final class GroupOperations {
  private static final Set<Byte> CODES =
      Stream.of(
              AclOperation.READ,
              AclOperation.DELETE,
              AclOperation.DESCRIBE,
              AclOperation.DESCRIBE_CONFIGS,
              AclOperation.ALTER_CONFIGS)
          .map(AclOperation::code)
          .collect(Collectors.toSet());

  /** The bit field of {@code authorizedOperations} in answers. */
  static final int ALL = Utils.to32BitField(CODES);

  private GroupOperations() {}
}
