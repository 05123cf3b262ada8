package io.tributary.node.groups;

import io.tributary.actors.group.Groups;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;

/** The one request of a member of the consumer protocol (KIP-848). */
public final class ConsumerGroupHeartbeatHandler
    implements Handler<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse> {
  private final Groups groups;

  public ConsumerGroupHeartbeatHandler(Groups groups) {
    this.groups = groups;
  }

  @Override
  public CompletionStage<ConsumerGroupHeartbeatResponse> handle(
      RequestContext context, ConsumerGroupHeartbeatRequest request) {
    return groups
        .consumerHeartbeat(Callers.of(context), request.data())
        .thenApply(ConsumerGroupHeartbeatResponse::new);
  }
}
