package io.tributary.wire;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.feature.Features;
import org.apache.kafka.common.feature.SupportedVersionRange;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;

/**
 * Tells a client which APIs and versions the table serves. A request of a version that we do not
 * know is answered in version 0 with UNSUPPORTED_VERSION and our range of this API, from which the
 * client learns what to ask (KIP-511).
 */
final class ApiVersionsHandler implements Handler<ApiVersionsRequest, ApiVersionsResponse> {
  private static final int VERSION_MIN = 0;
  private static final int VERSION_MAX = 4;
  // What we run, not what was finalized: there is no controller that finalizes features.
  private static final Features<SupportedVersionRange> SUPPORTED =
      Features.supportedFeatures(
          Map.of("group.version", new SupportedVersionRange((short) 0, (short) 1)));

  private final List<Route> rows;

  private ApiVersionsHandler(List<Route> rows) {
    this.rows = rows;
  }

  static Route route(List<Route> rows) {
    return Route.route(
        ApiKeys.API_VERSIONS,
        VERSION_MIN,
        VERSION_MAX,
        Order.IN_ORDER,
        new ApiVersionsHandler(rows));
  }

  @Override
  public CompletionStage<ApiVersionsResponse> handle(
      RequestContext context, ApiVersionsRequest request) {
    if (request.hasUnsupportedRequestVersion()) {
      return CompletableFuture.completedFuture(
          request.getErrorResponse(0, Errors.UNSUPPORTED_VERSION.exception()));
    }
    if (!request.isValid()) {
      return CompletableFuture.completedFuture(
          request.getErrorResponse(0, Errors.INVALID_REQUEST.exception()));
    }
    return CompletableFuture.completedFuture(
        new ApiVersionsResponse.Builder()
            .setApiVersions(advertised())
            .setSupportedFeatures(SUPPORTED)
            .setFinalizedFeatures(Map.of())
            .setFinalizedFeaturesEpoch(ApiVersionsResponse.UNKNOWN_FINALIZED_FEATURES_EPOCH)
            // Clients of version 3 cannot read a range that begins with 0 (KAFKA-17011).
            .setAlterFeatureLevel0(request.version() < 4)
            .build());
  }

  private ApiVersionCollection advertised() {
    ApiVersionCollection versions = new ApiVersionCollection();
    for (Route row : rows) {
      versions.add(version(row.api(), row.versionMin(), row.versionMax()));
    }
    versions.add(version(ApiKeys.API_VERSIONS, (short) VERSION_MIN, (short) VERSION_MAX));
    return versions;
  }

  private static ApiVersion version(ApiKeys api, short min, short max) {
    return new ApiVersion()
        .setApiKey(api.id)
        // librdkafka takes a broker that does not advertise Produce 0 for one without compression
        // support (KAFKA-18659); asking for versions 0 to 2 is refused all the same.
        .setMinVersion(
            api == ApiKeys.PRODUCE ? ApiKeys.PRODUCE_API_VERSIONS_RESPONSE_MIN_VERSION : min)
        .setMaxVersion(max);
  }
}
