package io.tributary.node.fetch;

/**
 * Bounds of fetches.
 *
 * @param bytesMax the largest answer to one fetch, whatever the client asks for ({@code
 *     fetch.max.bytes}); one batch larger than this still passes
 * @param sessionsMax fetch sessions kept ({@code max.incremental.fetch.session.cache.slots})
 * @param coldWaitMs how long a fetch that could already be answered waits for partitions whose
 *     bytes are still on their way from the object store
 */
public record FetchSettings(int bytesMax, int sessionsMax, int coldWaitMs) {
  public static final FetchSettings DEFAULT = new FetchSettings(55 * 1024 * 1024, 1_000, 500);

  public FetchSettings {
    if (bytesMax < 1024) {
      throw new IllegalArgumentException("fetch.max.bytes must be 1024 or more, not " + bytesMax);
    }
    if (sessionsMax < 0) {
      throw new IllegalArgumentException(
          "max.incremental.fetch.session.cache.slots must be 0 or more, not " + sessionsMax);
    }
    if (coldWaitMs < 0) {
      throw new IllegalArgumentException("cold wait must be 0 ms or more, not " + coldWaitMs);
    }
  }
}
