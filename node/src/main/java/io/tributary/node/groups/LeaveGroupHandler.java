package io.tributary.node.groups;

import io.tributary.actors.group.Groups;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;

/** Classic members leave, one or, since version 3, several. */
public final class LeaveGroupHandler implements Handler<LeaveGroupRequest, LeaveGroupResponse> {
  private final Groups groups;

  public LeaveGroupHandler(Groups groups) {
    this.groups = groups;
  }

  @Override
  public CompletionStage<LeaveGroupResponse> handle(
      RequestContext context, LeaveGroupRequest request) {
    short version = context.header().apiVersion();
    return groups
        .leave(Callers.of(context), request.normalizedData())
        .thenApply(data -> new LeaveGroupResponse(data, version));
  }
}
