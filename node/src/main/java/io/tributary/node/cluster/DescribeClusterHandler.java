package io.tributary.node.cluster;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.EndpointType;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeClusterResponse;

/** DescribeCluster: the live nodes. There are no controllers to be asked for (KIP-919). */
public final class DescribeClusterHandler
    implements Handler<DescribeClusterRequest, DescribeClusterResponse> {
  private static final short ENDPOINT_TYPES_FROM_VERSION = 1;

  private final Supplier<ClusterImage> image;

  public DescribeClusterHandler(Supplier<ClusterImage> image) {
    this.image = image;
  }

  @Override
  public CompletionStage<DescribeClusterResponse> handle(
      RequestContext context, DescribeClusterRequest request) {
    return CompletableFuture.completedStage(new DescribeClusterResponse(answer(request)));
  }

  private DescribeClusterResponseData answer(DescribeClusterRequest request) {
    byte wanted = request.data().endpointType();
    if (request.version() >= ENDPOINT_TYPES_FROM_VERSION && wanted != EndpointType.BROKER.id()) {
      return EndpointType.fromId(wanted) == EndpointType.CONTROLLER
          ? refused(
              Errors.MISMATCHED_ENDPOINT_TYPE,
              "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of"
                  + " type CONTROLLER")
          : refused(Errors.UNSUPPORTED_ENDPOINT_TYPE, "Unsupported endpoint type " + wanted);
    }
    ClusterImage now = image.get();
    DescribeClusterResponseData data =
        new DescribeClusterResponseData()
            .setClusterId(now.clusterId())
            .setControllerId(PartitionLeaders.controllerId(now))
            .setEndpointType(EndpointType.BROKER.id());
    now.brokers()
        .forEach(
            broker ->
                data.brokers()
                    .add(
                        new DescribeClusterBroker()
                            .setBrokerId(broker.id())
                            .setHost(broker.host())
                            .setPort(broker.port())
                            .setRack(broker.rack().isEmpty() ? null : broker.rack())
                            .setIsFenced(false)));
    if (request.data().includeClusterAuthorizedOperations()) {
      data.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
    }
    return data;
  }

  private static DescribeClusterResponseData refused(Errors error, String message) {
    return new DescribeClusterResponseData().setErrorCode(error.code()).setErrorMessage(message);
  }
}
