package io.tributary.node.groups;

import io.tributary.actors.group.Groups;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.HeartbeatResponse;

/** A classic member is alive. */
public final class HeartbeatHandler implements Handler<HeartbeatRequest, HeartbeatResponse> {
  private final Groups groups;

  public HeartbeatHandler(Groups groups) {
    this.groups = groups;
  }

  @Override
  public CompletionStage<HeartbeatResponse> handle(
      RequestContext context, HeartbeatRequest request) {
    return groups.heartbeat(Callers.of(context), request.data()).thenApply(HeartbeatResponse::new);
  }
}
