package io.tributary.node.groups;

import io.tributary.actors.group.Groups;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;

/** A classic member joins its group. */
public final class JoinGroupHandler implements Handler<JoinGroupRequest, JoinGroupResponse> {
  private final Groups groups;

  public JoinGroupHandler(Groups groups) {
    this.groups = groups;
  }

  @Override
  public CompletionStage<JoinGroupResponse> handle(
      RequestContext context, JoinGroupRequest request) {
    short version = context.header().apiVersion();
    return groups
        .join(Callers.of(context), request.data())
        .thenApply(data -> new JoinGroupResponse(data, version));
  }
}
