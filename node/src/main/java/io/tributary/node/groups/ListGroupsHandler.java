package io.tributary.node.groups;

import io.tributary.actors.group.Groups;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;

/** All groups of the cluster, filtered by state and type. */
public final class ListGroupsHandler implements Handler<ListGroupsRequest, ListGroupsResponse> {
  private final Groups groups;

  public ListGroupsHandler(Groups groups) {
    this.groups = groups;
  }

  @Override
  public CompletionStage<ListGroupsResponse> handle(
      RequestContext context, ListGroupsRequest request) {
    return groups.list(request.data()).thenApply(ListGroupsResponse::new);
  }
}
