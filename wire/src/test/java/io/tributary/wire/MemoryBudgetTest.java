package io.tributary.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private final List<String> granted = new ArrayList<>();

  @Test
  void waitersGetTheirTurnInOrder() {
    var budget = new MemoryBudget(100);
    var first = budget.claim(() -> granted.add("first"));
    var second = budget.claim(() -> granted.add("second"));
    var third = budget.claim(() -> granted.add("third"));
    assertThat(first.take(80)).isTrue();
    assertThat(second.take(50)).isFalse();
    assertThat(third.take(10)).as("would fit, but is behind").isFalse();
    first.close();
    assertThat(granted).containsExactly("second", "third");
    assertThat(budget.takenBytes()).isEqualTo(60);
  }

  @Test
  void begunFramesThatFillTheBoundAreFinishedOneAfterTheOther() {
    var budget = new MemoryBudget(100);
    var a = budget.claim(() -> granted.add("a"));
    var b = budget.claim(() -> granted.add("b"));
    assertThat(a.take(50)).isTrue();
    assertThat(b.take(50)).isTrue();
    assertThat(a.take(50)).as("overdraws").isTrue();
    assertThat(b.take(50)).isFalse();
    assertThat(a.take(100)).as("still the overdrawer").isTrue();
    assertThat(granted).isEmpty();
    a.close();
    assertThat(granted).containsExactly("b");
    b.close();
    assertThat(budget.takenBytes()).isZero();
  }

  @Test
  void aClosedClaimWaitsNoMore() {
    var budget = new MemoryBudget(100);
    var first = budget.claim(() -> granted.add("first"));
    var second = budget.claim(() -> granted.add("second"));
    first.take(100);
    second.take(100);
    second.close();
    first.close();
    first.close();
    assertThat(granted).isEmpty();
    assertThat(budget.takenBytes()).isZero();
  }

  @Property(tries = 500)
  void everyFrameIsFinishedAndNeverMoreThanTheBoundAndOneFrameIsTaken(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int frames) {
    int frameMax = 200;
    var random = new Random(seed);
    var budget = new MemoryBudget(100);
    List<Growing> unfinished = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      unfinished.add(new Growing(budget, random.nextInt(1, frameMax + 1)));
    }
    while (!unfinished.isEmpty()) {
      List<Growing> able = unfinished.stream().filter(frame -> !frame.waits).toList();
      assertThat(able).as("somebody can always go on").isNotEmpty();
      Growing one = able.get(random.nextInt(able.size()));
      if (one.held == one.size) {
        one.claim.close();
        unfinished.remove(one);
      } else {
        one.grow(random);
      }
      assertThat(budget.takenBytes()).isBetween(0L, 100L + frameMax);
    }
    assertThat(budget.takenBytes()).isZero();
  }

  private static final class Growing {
    final MemoryBudget.Claim claim;
    final int size;
    int held;
    int wanted;
    boolean waits;

    Growing(MemoryBudget budget, int size) {
      this.size = size;
      this.claim =
          budget.claim(
              () -> {
                waits = false;
                held += wanted;
              });
    }

    void grow(Random random) {
      // A first piece is small, as FrameReader's is.
      int most = held == 0 ? Math.min(12, size) : size - held;
      wanted = random.nextInt(1, most + 1);
      if (claim.take(wanted)) {
        held += wanted;
      } else {
        waits = true;
      }
    }
  }
}
