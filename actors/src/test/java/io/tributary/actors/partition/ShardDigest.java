package io.tributary.actors.partition;

import io.tributary.actors.partition.PartitionRequest.DescribeProducers;
import io.tributary.actors.partition.PartitionRequest.Latest;
import io.tributary.actors.partition.PartitionRequest.Subscribe;
import io.tributary.persistence.cache.PageOutcome;
import io.tributary.persistence.cache.PageReader;
import io.tributary.persistence.model.IndexEntry;
import io.tributary.persistence.model.IndexRun;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.ProducerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that a shard says of its partitions, in a form that can be compared. */
record ShardDigest(Map<PartitionId, Part> partitions) {
  record Part(LatestAnswer latest, List<ProducerState> producers, List<IndexEntry> index) {}

  static ShardDigest of(PartitionShardHost host, List<PartitionId> partitions) {
    Map<PartitionId, Part> parts = new TreeMap<>();
    for (PartitionId id : partitions) {
      LatestAnswer latest = host.await(host.ask(new Latest(id)));
      parts.put(
          id,
          new Part(
              latest, host.await(host.ask(new DescribeProducers(id))).states(), index(host, id)));
    }
    return new ShardDigest(parts);
  }

  /** The whole index, pages read from the store; without what lies below the log start. */
  static List<IndexEntry> index(PartitionShardHost host, PartitionId id) {
    FeedRecorder feed = new FeedRecorder();
    host.await(host.ask(new Subscribe("digest-of-" + id, List.of(id), feed)));
    if (!(feed.lastUpdate() instanceof PartitionUpdate.Snapshot snapshot)) {
      return List.of();
    }
    List<IndexEntry> index = paged(host, id, snapshot.paged());
    index.addAll(snapshot.entries());
    index.removeIf(entry -> entry.nextOffset() <= snapshot.logStartOffset());
    return index;
  }

  private static List<IndexEntry> paged(
      PartitionShardHost host, PartitionId id, List<IndexRun> runs) {
    PageReader pages = host.freshPages();
    List<IndexEntry> entries = new ArrayList<>();
    long from = 0;
    while (!runs.isEmpty() && from < runs.getLast().nextOffset()) {
      PageOutcome found =
          host.await(pages.find(id, runs, from, Long.MIN_VALUE).toCompletableFuture());
      if (!(found instanceof PageOutcome.Entries(List<IndexEntry> leaf)) || leaf.isEmpty()) {
        throw new AssertionError("no entry at " + from + " of " + id + ": " + found);
      }
      entries.addAll(leaf);
      from = leaf.getLast().nextOffset();
    }
    return entries;
  }
}
