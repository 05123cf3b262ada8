package io.tributary.actors.simulation;

import io.tributary.actors.simulation.ShardLedger.StoredSlice;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.DamagedException;
import io.tributary.persistence.format.IntakeFooter;
import io.tributary.persistence.format.IntakeObjectFormat;
import io.tributary.persistence.format.IntakeObjectFormat.FooterRead;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.Write;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.objects.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Watches what takes effect in the stores, and keeps the logs that follow from it. Every change is
 * held to the invariants at once.
 */
final class Ledger {
  private static final String INTAKE_PREFIX = "intake/";

  private final ShardCounts counts;
  private final Violations violations;
  private final Map<PartitionId, PartitionLedger> partitions = new TreeMap<>();
  private final Map<ShardId, ShardLedger> shards = new TreeMap<>();
  private final NavigableMap<FlushId, List<StoredSlice>> intake = new TreeMap<>();
  private final Map<ObjectKey, Bytes> roots = new HashMap<>();

  Ledger(ShardCounts counts, List<PartitionId> ids, Violations violations, Faults faults) {
    this.counts = counts;
    this.violations = violations;
    for (PartitionId id : ids) {
      partitions.put(id, new PartitionLedger(id, violations));
      ShardId shard = counts.shardOf(id);
      shards.computeIfAbsent(shard, _ -> new ShardLedger(shard, this, violations, faults));
    }
  }

  PartitionLedger partition(PartitionId id) {
    PartitionLedger known = partitions.get(id);
    if (known == null) {
      throw violations.report("there is no partition " + id);
    }
    return known;
  }

  Map<PartitionId, PartitionLedger> partitions() {
    return partitions;
  }

  List<PartitionId> partitionsOf(ShardId shard) {
    return partitions.keySet().stream().filter(id -> counts.shardOf(id).equals(shard)).toList();
  }

  NavigableMap<FlushId, List<StoredSlice>> intake() {
    return intake;
  }

  Bytes root(String object) {
    Bytes root = roots.get(new ObjectKey(object));
    if (root == null) {
      throw violations.report("a checkpoint names " + object + ", which is not stored");
    }
    return root;
  }

  /** An object has just become durable. */
  void onStored(ObjectKey key, Bytes object) {
    if (!key.value().startsWith(INTAKE_PREFIX)) {
      roots.put(key, object);
      return;
    }
    String[] parts = key.value().split("/", -1);
    FlushId flush = new FlushId(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    List<StoredSlice> slices = new ArrayList<>();
    for (PartitionSlice slice : footer(flush, object).slices()) {
      slices.add(
          new StoredSlice(
              counts.shardOf(slice.partition()),
              slice,
              object.slice(slice.position(), slice.lengthBytes())));
    }
    intake.put(flush, slices);
    slices.forEach(slice -> shard(slice.shard()).onStored(flush));
  }

  /** The power failed before what was said to be stored was. */
  void onLost(ObjectKey key) {
    roots.remove(key);
    intake
        .keySet()
        .removeIf(flush -> key.value().equals(INTAKE_PREFIX + flush.toString().replace('.', '/')));
  }

  /** A transaction has just been applied. */
  void onApplied(Transaction transaction) {
    for (Write write : transaction.then()) {
      if (write instanceof Write.Put(String key, Bytes value)) {
        shards.values().forEach(shard -> shard.onPut(key, value));
      }
    }
  }

  private ShardLedger shard(ShardId id) {
    ShardLedger known = shards.get(id);
    if (known == null) {
      throw violations.report("there is no shard " + id);
    }
    return known;
  }

  private IntakeFooter footer(FlushId flush, Bytes object) {
    try {
      FooterRead read =
          IntakeObjectFormat.readFooter(flush.toString(), flush, object, object.length());
      if (read instanceof FooterRead.Complete(IntakeFooter footer)) {
        return footer;
      }
      throw violations.report("object " + flush + " has more footer than bytes");
    } catch (DamagedException damaged) {
      throw violations.report("a damaged object was stored: " + damaged);
    }
  }
}
