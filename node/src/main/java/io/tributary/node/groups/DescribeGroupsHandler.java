package io.tributary.node.groups;

import io.tributary.actors.group.Groups;
import io.tributary.node.cluster.AuthorizedOperations;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;

/** Classic groups with their members. */
public final class DescribeGroupsHandler
    implements Handler<DescribeGroupsRequest, DescribeGroupsResponse> {
  private final Groups groups;

  public DescribeGroupsHandler(Groups groups) {
    this.groups = groups;
  }

  @Override
  public CompletionStage<DescribeGroupsResponse> handle(
      RequestContext context, DescribeGroupsRequest request) {
    return groups
        .describe(Callers.of(context), request.data().groups())
        .thenApply(
            data -> {
              if (request.data().includeAuthorizedOperations()) {
                data.groups().stream()
                    .filter(group -> group.errorCode() == Errors.NONE.code())
                    .forEach(group -> group.setAuthorizedOperations(AuthorizedOperations.GROUP));
              }
              return new DescribeGroupsResponse(data);
            });
  }
}
