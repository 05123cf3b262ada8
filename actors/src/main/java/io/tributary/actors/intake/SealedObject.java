package io.tributary.actors.intake;

import io.tributary.actors.partition.PartitionRequest;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.IntakeObjectFormat;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.objects.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToLongFunction;

/**
 * An intake object that gathers no more: its bytes, ready to upload, and what each shard must
 * decide.
 */
record SealedObject(FlushId flush, List<Bytes> parts, List<ShardAppend> appends) {

  /**
   * @param batches in the order of arrival; a partition's come to stand side by side, in that order
   * @param previousFlush the flush before this one that touched a shard, 0 for none
   */
  static SealedObject of(
      FlushId flush,
      List<ArrivedBatch> batches,
      ShardCounts shards,
      ToLongFunction<ShardId> previousFlush) {
    Map<PartitionId, List<ArrivedBatch>> byPartition = new TreeMap<>();
    for (ArrivedBatch batch : batches) {
      byPartition.computeIfAbsent(batch.partition, _ -> new ArrayList<>()).add(batch);
    }
    List<Bytes> body = new ArrayList<>(batches.size());
    List<PartitionSlice> slices = new ArrayList<>(byPartition.size());
    Map<ShardId, ShardPart> byShard = new TreeMap<>();
    int position = IntakeObjectFormat.HEADER_BYTES;
    for (Map.Entry<PartitionId, List<ArrivedBatch>> entry : byPartition.entrySet()) {
      List<BatchFacts> facts = new ArrayList<>(entry.getValue().size());
      List<CompletableFuture<AppendOutcome>> outcomes = new ArrayList<>(entry.getValue().size());
      for (ArrivedBatch batch : entry.getValue()) {
        body.add(batch.bytes);
        facts.add(batch.facts);
        outcomes.add(batch.outcome);
      }
      PartitionSlice slice = new PartitionSlice(entry.getKey(), position, facts);
      position += slice.lengthBytes();
      slices.add(slice);
      ShardPart part =
          byShard.computeIfAbsent(shards.shardOf(entry.getKey()), _ -> new ShardPart());
      part.slices.add(slice);
      part.outcomes.add(outcomes);
    }
    List<ShardAppend> appends = new ArrayList<>(byShard.size());
    byShard.forEach(
        (shard, part) ->
            appends.add(
                new ShardAppend(
                    shard,
                    new PartitionRequest.Append(
                        flush, previousFlush.applyAsLong(shard), part.slices),
                    part.outcomes)));
    return new SealedObject(flush, IntakeObjectFormat.assemble(flush, slices, body), appends);
  }

  ObjectKey key() {
    return ObjectNames.intake(flush);
  }

  private static final class ShardPart {
    private final List<PartitionSlice> slices = new ArrayList<>();
    private final List<List<CompletableFuture<AppendOutcome>>> outcomes = new ArrayList<>();
  }
}
