package io.tributary.node.groups;

import io.tributary.actors.group.Groups;
import io.tributary.node.cluster.AuthorizedOperations;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.ConsumerGroupDescribeResponse;

/** Groups of the consumer protocol with members and assignments. */
public final class ConsumerGroupDescribeHandler
    implements Handler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> {
  private final Groups groups;

  public ConsumerGroupDescribeHandler(Groups groups) {
    this.groups = groups;
  }

  @Override
  public CompletionStage<ConsumerGroupDescribeResponse> handle(
      RequestContext context, ConsumerGroupDescribeRequest request) {
    return groups
        .describeConsumerGroups(request.data().groupIds())
        .thenApply(
            data -> {
              if (request.data().includeAuthorizedOperations()) {
                data.groups().stream()
                    .filter(group -> group.errorCode() == Errors.NONE.code())
                    .forEach(group -> group.setAuthorizedOperations(AuthorizedOperations.GROUP));
              }
              return new ConsumerGroupDescribeResponse(data);
            });
  }
}
