package io.tributary.node.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.FetchContext;
import org.apache.kafka.server.FetchManager;
import org.apache.kafka.server.FetchSession.FetchSessionCache;
import org.apache.kafka.server.FetchSessionCacheShard;

/** The fetch sessions of this node (KIP-227): Apache Kafka's own, bounded and evicted as there. */
final class FetchSessions {
  /** An idle session this old gives way to any new one; a younger one only to a larger one. */
  private static final long EVICTABLE_AFTER_MS = 120_000;

  private static final int CACHE_SHARDS = 8;

  private final FetchManager sessions;

  FetchSessions(int sessionsMax, Time time) {
    int idsEach = Integer.MAX_VALUE / CACHE_SHARDS;
    List<FetchSessionCacheShard> cache = new ArrayList<>(CACHE_SHARDS);
    for (int i = 0; i < CACHE_SHARDS; i++) {
      cache.add(
          new FetchSessionCacheShard(sessionsMax / CACHE_SHARDS, EVICTABLE_AFTER_MS, idsEach, i));
    }
    this.sessions = new FetchManager(time, new FetchSessionCache(cache));
  }

  /** Opens, continues or refuses the session that {@code request} names. */
  FetchContext contextOf(FetchRequest request, Map<Uuid, String> topicNames) {
    return sessions.newContext(
        request.version(),
        request.metadata(),
        false,
        request.fetchData(topicNames),
        request.forgottenTopics(topicNames),
        topicNames);
  }
}
