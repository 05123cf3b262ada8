package io.tributary.node.cluster;

import io.tributary.node.cluster.ConfigChanges.Change;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterConfigsRequest;
import org.apache.kafka.common.requests.AlterConfigsResponse;
import org.apache.kafka.common.requests.ApiError;

/** AlterConfigs: replaces all configs of a resource, each resource of a request by itself. */
public final class AlterConfigsHandler
    implements Handler<AlterConfigsRequest, AlterConfigsResponse> {
  private final ConfigChanges changes;

  public AlterConfigsHandler(ConfigChanges changes) {
    this.changes = changes;
  }

  @Override
  public CompletionStage<AlterConfigsResponse> handle(
      RequestContext context, AlterConfigsRequest request) {
    boolean validateOnly = request.data().validateOnly();
    List<CompletableFuture<AlterConfigsResourceResponse>> responses = new ArrayList<>();
    for (AlterConfigsResource resource : request.data().resources()) {
      responses.add(
          refusal(resource)
              .map(CompletableFuture::completedStage)
              .orElseGet(() -> changes.apply(change(resource), validateOnly))
              .thenApply(error -> response(resource, error))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new))
        .thenApply(
            _ ->
                new AlterConfigsResponse(
                    new AlterConfigsResponseData()
                        .setResponses(responses.stream().map(CompletableFuture::join).toList())));
  }

  private static Change change(AlterConfigsResource resource) {
    Map<String, String> wanted = new HashMap<>();
    resource.configs().forEach(config -> wanted.put(config.name(), config.value()));
    return new Change(
        new ConfigResource(
            ConfigResource.Type.forId(resource.resourceType()), resource.resourceName()),
        rules -> ConfigEdits.replacing(wanted, rules));
  }

  private static Optional<ApiError> refusal(AlterConfigsResource resource) {
    long names = resource.configs().stream().map(AlterableConfig::name).distinct().count();
    if (names < resource.configs().size()) {
      return invalid("Error due to duplicate config keys");
    }
    String withoutValue =
        resource.configs().stream()
            .filter(config -> config.value() == null)
            .map(AlterableConfig::name)
            .collect(Collectors.joining(", "));
    return withoutValue.isEmpty()
        ? Optional.empty()
        : invalid("Null value not supported for : " + withoutValue);
  }

  private static Optional<ApiError> invalid(String message) {
    return Optional.of(new ApiError(Errors.INVALID_REQUEST, message));
  }

  private static AlterConfigsResourceResponse response(
      AlterConfigsResource resource, ApiError error) {
    return new AlterConfigsResourceResponse()
        .setResourceType(resource.resourceType())
        .setResourceName(resource.resourceName())
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }
}
