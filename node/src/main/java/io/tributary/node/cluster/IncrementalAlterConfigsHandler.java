package io.tributary.node.cluster;

import io.tributary.node.cluster.ConfigChanges.Change;
import io.tributary.node.cluster.ConfigEdits.Operation;
import io.tributary.wire.Handler;
import io.tributary.wire.RequestContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.IncrementalAlterConfigsRequest;
import org.apache.kafka.common.requests.IncrementalAlterConfigsResponse;

/** IncrementalAlterConfigs (KIP-339): each resource of a request by itself. */
public final class IncrementalAlterConfigsHandler
    implements Handler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> {
  private final ConfigChanges changes;
  private final BrokerLoggers loggers;

  public IncrementalAlterConfigsHandler(ConfigChanges changes, BrokerLoggers loggers) {
    this.changes = changes;
    this.loggers = loggers;
  }

  @Override
  public CompletionStage<IncrementalAlterConfigsResponse> handle(
      RequestContext context, IncrementalAlterConfigsRequest request) {
    boolean validateOnly = request.data().validateOnly();
    List<CompletableFuture<AlterConfigsResourceResponse>> responses = new ArrayList<>();
    for (AlterConfigsResource resource : request.data().resources()) {
      responses.add(
          refusal(resource)
              .map(CompletableFuture::completedStage)
              .orElseGet(() -> apply(resource, validateOnly))
              .thenApply(error -> response(resource, error))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new))
        .thenApply(
            _ ->
                new IncrementalAlterConfigsResponse(
                    new IncrementalAlterConfigsResponseData()
                        .setResponses(responses.stream().map(CompletableFuture::join).toList())));
  }

  private CompletionStage<ApiError> apply(AlterConfigsResource resource, boolean validateOnly) {
    List<Operation> operations =
        resource.configs().stream()
            .map(
                config ->
                    new Operation(
                        config.name(), OpType.forId(config.configOperation()), config.value()))
            .toList();
    ConfigResource target =
        new ConfigResource(
            ConfigResource.Type.forId(resource.resourceType()), resource.resourceName());
    return target.type() == ConfigResource.Type.BROKER_LOGGER
        ? CompletableFuture.completedStage(loggers.alter(target.name(), operations, validateOnly))
        : changes.apply(
            new Change(target, rules -> ConfigEdits.incremental(operations, rules)), validateOnly);
  }

  private static Optional<ApiError> refusal(AlterConfigsResource resource) {
    Set<String> names = new HashSet<>();
    for (AlterableConfig config : resource.configs()) {
      if (!names.add(config.name())) {
        return invalid("Error due to duplicate config keys");
      }
      if (OpType.forId(config.configOperation()) == null) {
        return invalid("Unknown operations type " + config.configOperation());
      }
    }
    String withoutValue =
        resource.configs().stream()
            .filter(
                config -> config.value() == null && config.configOperation() != OpType.DELETE.id())
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
