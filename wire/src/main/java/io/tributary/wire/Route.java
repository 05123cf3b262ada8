package io.tributary.wire;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/**
 * One row of the {@link RequestTable}: which versions of an API are served, in which order, from
 * which memory, and by whom.
 */
public record Route(
    ApiKeys api,
    short versionMin,
    short versionMax,
    Order order,
    MemoryClass memory,
    Handler<AbstractRequest, AbstractResponse> handler) {

  public Route {
    if (versionMin > versionMax
        || !api.isVersionSupported(versionMin)
        || !api.isVersionSupported(versionMax)) {
      throw new IllegalArgumentException(
          "%s: versions %d to %d are not within %d to %d"
              .formatted(
                  api.name, versionMin, versionMax, api.oldestVersion(), api.latestVersion(true)));
    }
  }

  /** A row whose requests are small. */
  // The table pairs an API with the handler of its own request class; a wrong pair fails in the
  // test that walks the table.
  @SuppressWarnings("unchecked")
  public static <Q extends AbstractRequest, A extends AbstractResponse> Route route(
      ApiKeys api, int versionMin, int versionMax, Order order, Handler<Q, A> handler) {
    return new Route(
        api,
        (short) versionMin,
        (short) versionMax,
        order,
        MemoryClass.SMALL,
        (Handler<AbstractRequest, AbstractResponse>) (Handler<?, ?>) handler);
  }

  /** The same row, drawing on the memory for requests that carry records. */
  public Route carryingRecords() {
    return new Route(api, versionMin, versionMax, order, MemoryClass.RECORDS, handler);
  }

  boolean serves(short version) {
    return version >= versionMin && version <= versionMax;
  }
}
