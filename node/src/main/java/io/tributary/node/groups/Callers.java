package io.tributary.node.groups;

import io.tributary.actors.group.GroupCaller;
import io.tributary.wire.RequestContext;
import java.util.Objects;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Tells the group machine who asks. */
final class Callers {
  private Callers() {}

  static GroupCaller of(RequestContext context) {
    RequestHeader header = context.header();
    return new GroupCaller(
        header.apiKey(),
        header.apiVersion(),
        Objects.requireNonNullElse(header.clientId(), ""),
        header.correlationId(),
        new GroupCaller.Connection(
            context.listenerName(),
            SecurityProtocol.PLAINTEXT,
            context.principal(),
            context.clientAddress()));
  }
}
