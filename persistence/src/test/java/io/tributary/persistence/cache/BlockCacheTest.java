package io.tributary.persistence.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.ObjectNames;
import io.tributary.persistence.model.FlushId;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockCacheTest {
  private static final FlushId OBJECT = new FlushId(3, 4);

  private final CountingObjectStore store = new CountingObjectStore();
  private final BlockCache cache = new BlockCache(store, 1_000);

  @Test
  void whatIsPutIsNeverFetched() {
    cache.put(OBJECT, List.of(bytes(1, 2), bytes(3)));

    assertThat(cache.ifPresent(OBJECT)).isPresent();
    assertThat(store.await(cache.get(OBJECT)))
        .isInstanceOfSatisfying(
            BlockOutcome.Found.class,
            found -> assertThat(found.block().range(1, 2)).containsExactly(bytes(2), bytes(3)));
    assertThat(store.reads()).isEmpty();
  }

  @Test
  void readersOfTheSameMissingObjectShareOneGet() {
    stored();
    var first = cache.get(OBJECT);
    var second = cache.get(OBJECT);
    assertThat(cache.ifPresent(OBJECT)).isEmpty();

    assertThat(store.await(first)).isInstanceOf(BlockOutcome.Found.class);
    assertThat(store.await(second)).isEqualTo(store.await(first));
    assertThat(store.reads()).containsExactly("get intake/3/4");
    assertThat(cache.ifPresent(OBJECT)).isPresent();
  }

  @Test
  void whatCouldNotBeFetchedIsFetchedAgain() {
    store.goAway();
    assertThat(store.await(cache.get(OBJECT))).isInstanceOf(BlockOutcome.Unknown.class);
    store.comeBack();
    assertThat(store.await(cache.get(OBJECT))).isEqualTo(new BlockOutcome.Absent());
    stored();

    assertThat(store.await(cache.get(OBJECT))).isInstanceOf(BlockOutcome.Found.class);
    assertThat(store.reads()).hasSize(3);
  }

  @Test
  void blocksAreWeighedByTheirBytes() {
    for (int i = 0; i < 10; i++) {
      cache.put(new FlushId(1, i), List.of(Bytes.wrap(new byte[400])));
    }

    long kept = 0;
    for (int i = 0; i < 10; i++) {
      kept += cache.ifPresent(new FlushId(1, i)).isPresent() ? 1 : 0;
    }
    assertThat(kept).isEqualTo(2);
  }

  @Test
  void aRangeMayLieInSeveralParts() {
    Block block = new Block(List.of(bytes(0, 1, 2), Bytes.EMPTY, bytes(3), bytes(4, 5)));

    assertThat(block.range(0, 6)).containsExactly(bytes(0, 1, 2), bytes(3), bytes(4, 5));
    assertThat(block.range(3, 1)).containsExactly(bytes(3));
    assertThat(block.range(2, 3)).containsExactly(bytes(2), bytes(3), bytes(4));
    assertThat(block.range(6, 0)).isEmpty();
  }

  private void stored() {
    store.await(store.putIfAbsent(ObjectNames.intake(OBJECT), List.of(bytes(1, 2, 3))));
  }

  private static Bytes bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Bytes.wrap(bytes);
  }
}
