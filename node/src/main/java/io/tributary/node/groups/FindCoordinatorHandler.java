package io.tributary.node.groups;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.ClusterImage.BrokerImage;
import io.tributary.persistence.model.ShardKind;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;

/**
 * Names the broker to which a client sends the requests of a group or transactional id. Every node
 * reaches every shard, so the name only spreads clients: ids of one shard go to one broker.
 */
public final class FindCoordinatorHandler
    implements Handler<FindCoordinatorRequest, FindCoordinatorResponse> {
  private final Supplier<ClusterImage> image;

  public FindCoordinatorHandler(Supplier<ClusterImage> image) {
    this.image = image;
  }

  @Override
  public CompletionStage<FindCoordinatorResponse> handle(
      RequestContext context, FindCoordinatorRequest request) {
    boolean isBatched = context.header().apiVersion() >= FindCoordinatorRequest.MIN_BATCHED_VERSION;
    FindCoordinatorResponse response =
        isBatched
            ? new FindCoordinatorResponse(
                new FindCoordinatorResponseData()
                    .setCoordinators(
                        request.data().coordinatorKeys().stream()
                            .map(key -> coordinator(request.data().keyType(), key))
                            .toList()))
            : single(coordinator(request.data().keyType(), request.data().key()));
    return CompletableFuture.completedFuture(response);
  }

  private Coordinator coordinator(byte keyType, String key) {
    Optional<ShardKind> kind = kindOf(keyType);
    if (kind.isEmpty()) {
      return FindCoordinatorResponse.prepareCoordinatorResponse(
          Errors.INVALID_REQUEST, key, Node.noNode());
    }
    ClusterImage cluster = image.get();
    List<BrokerImage> brokers = cluster.brokers();
    if (brokers.isEmpty()) {
      return FindCoordinatorResponse.prepareCoordinatorResponse(
          Errors.COORDINATOR_NOT_AVAILABLE, key, Node.noNode());
    }
    int shard = cluster.shards().shardOf(kind.get(), key).index();
    BrokerImage broker = brokers.get(shard % brokers.size());
    return FindCoordinatorResponse.prepareCoordinatorResponse(
        Errors.NONE, key, new Node(broker.id(), broker.host(), broker.port()));
  }

  private static Optional<ShardKind> kindOf(byte keyType) {
    if (keyType == CoordinatorType.GROUP.id()) {
      return Optional.of(ShardKind.GROUPS);
    }
    return keyType == CoordinatorType.TRANSACTION.id()
        ? Optional.of(ShardKind.TRANSACTIONS)
        : Optional.empty();
  }

  private static FindCoordinatorResponse single(Coordinator coordinator) {
    return FindCoordinatorResponse.prepareOldResponse(
        Errors.forCode(coordinator.errorCode()),
        new Node(coordinator.nodeId(), coordinator.host(), coordinator.port()));
  }
}
