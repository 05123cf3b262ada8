package io.tributary.persistence.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.IntakeObjectFormat;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.BatchFacts;
import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PartitionId;
import io.tributary.persistence.model.PartitionSlice;
import io.tributary.persistence.model.ShardCounts;
import io.tributary.persistence.model.ShardId;
import io.tributary.persistence.model.ShardKind;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FooterCacheTest {
  private static final FlushId OBJECT = new FlushId(3, 4);
  private static final ShardCounts COUNTS = new ShardCounts(4, 1, 1);

  private final CountingObjectStore store = new CountingObjectStore();
  private final FooterCache cache = new FooterCache(store, COUNTS, 10_000_000);

  @Test
  void eachShardGetsItsOwnSlicesInTheFootersOrderByOneRead() {
    List<PartitionSlice> slices = stored(40);

    for (int shard = 0; shard < COUNTS.partitions(); shard++) {
      ShardId id = new ShardId(ShardKind.PARTITIONS, shard);
      List<PartitionSlice> own =
          slices.stream().filter(slice -> COUNTS.shardOf(slice.partition()).equals(id)).toList();
      assertThat(store.await(cache.slices(OBJECT, id))).isEqualTo(new FooterOutcome.Found(own));
    }
    assertThat(store.reads()).containsExactly("suffix intake/3/4");
  }

  @Test
  void aFooterLongerThanTheFirstReadTakesASecond() {
    List<PartitionSlice> slices = stored(10_000);
    FooterCache oneShard = new FooterCache(store, new ShardCounts(1, 1, 1), 10_000_000);

    assertThat(store.await(oneShard.slices(OBJECT, new ShardId(ShardKind.PARTITIONS, 0))))
        .isEqualTo(new FooterOutcome.Found(slices));
    assertThat(store.reads()).hasSize(2);
  }

  @Test
  void whatCouldNotBeReadIsReadAgain() {
    ShardId shard = new ShardId(ShardKind.PARTITIONS, 0);
    store.goAway();
    assertThat(store.await(cache.slices(OBJECT, shard))).isInstanceOf(FooterOutcome.Unknown.class);
    store.comeBack();
    assertThat(store.await(cache.slices(OBJECT, shard))).isEqualTo(new FooterOutcome.Absent());
    stored(1);
    assertThat(store.await(cache.slices(OBJECT, shard))).isInstanceOf(FooterOutcome.Found.class);
  }

  @Test
  void damageIsTold() {
    store.await(store.putIfAbsent(ObjectNames.intake(OBJECT), List.of(Bytes.wrap(new byte[100]))));

    assertThat(store.await(cache.slices(OBJECT, new ShardId(ShardKind.PARTITIONS, 0))))
        .isInstanceOfSatisfying(
            FooterOutcome.Damaged.class,
            damaged -> assertThat(damaged.cause()).hasMessageContaining("intake/3/4"));
  }

  private List<PartitionSlice> stored(int count) {
    List<PartitionSlice> slices = new ArrayList<>();
    int position = IntakeObjectFormat.HEADER_BYTES;
    for (int i = 0; i < count; i++) {
      slices.add(
          new PartitionSlice(
              new PartitionId(new UUID(7, 7), i),
              position,
              List.of(new BatchFacts(70, 1, (short) 0, 1_000, -1, (short) -1, -1))));
      position += 70;
    }
    Bytes body = Bytes.wrap(new byte[70 * count]);
    store.await(
        store.putIfAbsent(
            ObjectNames.intake(OBJECT),
            IntakeObjectFormat.assemble(OBJECT, slices, List.of(body))));
    return slices;
  }
}
