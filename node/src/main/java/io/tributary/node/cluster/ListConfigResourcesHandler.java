package io.tributary.node.cluster;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;
import org.apache.kafka.common.requests.ListConfigResourcesResponse;

/** ListConfigResources: the resources that have configs (KIP-1142). */
public final class ListConfigResourcesHandler
    implements Handler<ListConfigResourcesRequest, ListConfigResourcesResponse> {
  private final Supplier<ClusterImage> image;

  public ListConfigResourcesHandler(Supplier<ClusterImage> image) {
    this.image = image;
  }

  @Override
  public CompletionStage<ListConfigResourcesResponse> handle(
      RequestContext context, ListConfigResourcesRequest request) {
    return CompletableFuture.completedStage(new ListConfigResourcesResponse(answer(request)));
  }

  private ListConfigResourcesResponseData answer(ListConfigResourcesRequest request) {
    Set<Byte> wanted = new TreeSet<>(request.data().resourceTypes());
    // Version 0 knew client metrics only, and asks for no type; there are none of those here.
    if (request.version() == 0) {
      return new ListConfigResourcesResponseData();
    }
    if (wanted.stream()
        .anyMatch(type -> ConfigResource.Type.forId(type) == ConfigResource.Type.UNKNOWN)) {
      return new ListConfigResourcesResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code());
    }
    ClusterImage now = image.get();
    return new ListConfigResourcesResponseData()
        .setConfigResources(
            Stream.of(ConfigResource.Type.values())
                .filter(type -> wanted.isEmpty() || wanted.contains(type.id()))
                .flatMap(type -> resources(now, type))
                .toList());
  }

  private static Stream<ListConfigResourcesResponseData.ConfigResource> resources(
      ClusterImage image, ConfigResource.Type type) {
    List<String> names =
        switch (type) {
          case TOPIC -> image.topicsByName().keySet().stream().sorted().toList();
          case BROKER, BROKER_LOGGER ->
              image.brokers().stream().map(broker -> Integer.toString(broker.id())).toList();
          case GROUP -> image.configs().groups().keySet().stream().sorted().toList();
          case CLIENT_METRICS, UNKNOWN -> List.of();
        };
    return names.stream()
        .map(
            name ->
                new ListConfigResourcesResponseData.ConfigResource()
                    .setResourceName(name)
                    .setResourceType(type.id()));
  }
}
