package io.tributary.node.groups;

import io.tributary.actors.group.Groups;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;

/** Deletes groups without members, with their offsets. */
public final class DeleteGroupsHandler
    implements Handler<DeleteGroupsRequest, DeleteGroupsResponse> {
  private final Groups groups;

  public DeleteGroupsHandler(Groups groups) {
    this.groups = groups;
  }

  @Override
  public CompletionStage<DeleteGroupsResponse> handle(
      RequestContext context, DeleteGroupsRequest request) {
    return groups
        .delete(Callers.of(context), request.data().groupsNames())
        .thenApply(DeleteGroupsResponse::new);
  }
}
