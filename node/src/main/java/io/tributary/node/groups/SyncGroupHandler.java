package io.tributary.node.groups;

import io.tributary.actors.group.Groups;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.common.requests.SyncGroupResponse;

/** A classic member asks for its assignment. */
public final class SyncGroupHandler implements Handler<SyncGroupRequest, SyncGroupResponse> {
  private final Groups groups;

  public SyncGroupHandler(Groups groups) {
    this.groups = groups;
  }

  @Override
  public CompletionStage<SyncGroupResponse> handle(
      RequestContext context, SyncGroupRequest request) {
    if (!request.areMandatoryProtocolTypeAndNamePresent()) {
      return CompletableFuture.completedFuture(
          new SyncGroupResponse(
              new SyncGroupResponseData().setErrorCode(Errors.INCONSISTENT_GROUP_PROTOCOL.code())));
    }
    return groups.sync(Callers.of(context), request.data()).thenApply(SyncGroupResponse::new);
  }
}
