package io.tributary.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Which Kafka APIs this node serves; one row each. What is not in the table is not advertised, and
 * asking for it closes the connection, as Apache Kafka does. {@code ApiVersions} is derived from
 * the other rows and stands in every table.
 */
public final class RequestTable {
  private final Map<ApiKeys, Route> routes = new EnumMap<>(ApiKeys.class);

  private RequestTable(List<Route> rows) {
    for (Route row : rows) {
      if (routes.put(row.api(), row) != null) {
        throw new IllegalArgumentException(row.api().name + " stands in the table twice");
      }
    }
  }

  /** A table of {@code rows} and {@code ApiVersions}. */
  public static RequestTable of(Route... rows) {
    List<Route> all = new ArrayList<>(List.of(rows));
    all.add(ApiVersionsHandler.route(List.of(rows)));
    return new RequestTable(all);
  }

  /** In the order of the API keys. */
  public Collection<Route> routes() {
    return Collections.unmodifiableCollection(routes.values());
  }

  /** The row of an API key as it came over the network, which may be any number. */
  @Nullable Route find(short apiKey) {
    return ApiKeys.hasId(apiKey) ? routes.get(ApiKeys.forId(apiKey)) : null;
  }
}
