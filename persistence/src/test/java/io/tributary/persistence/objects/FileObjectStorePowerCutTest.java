package io.tributary.persistence.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.Outcomes;
import io.tributary.persistence.objects.ObjectStore.Entry;
import io.tributary.persistence.objects.ObjectStore.GetOutcome;
import io.tributary.persistence.objects.ObjectStore.ListOutcome;
import io.tributary.persistence.objects.ObjectStore.PutOutcome;
import io.tributary.persistence.objects.PowerCutFileTree.Ignored;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What a power cut leaves of the store, at each of its steps. */
class FileObjectStorePowerCutTest {
  private static final Path ROOT = Path.of("/srv/tributary/objects");
  private static final int SEEDS = 300;

  /** Objects that a store acknowledged and a power cut took, and objects that it left damaged. */
  private record Damage(List<ObjectKey> lost, List<ObjectKey> torn) {
    static final Damage NONE = new Damage(List.of(), List.of());
  }

  @Test
  void acknowledgedObjectsOutliveAPowerCutAndNoObjectIsTorn() {
    for (long seed = 0; seed < SEEDS; seed++) {
      assertThat(damageOf(Ignored.NOTHING, true, seed)).as("seed %s", seed).isEqualTo(Damage.NONE);
    }
  }

  @Test
  void aStoreThatForgetsToForceFilesIsCaught() {
    assertThat(firstDamage(Ignored.FILE_FORCES, true).torn()).isNotEmpty();
  }

  @Test
  void aStoreThatForgetsToForceFoldersIsCaught() {
    assertThat(firstDamage(Ignored.FOLDER_FORCES, true).lost()).isNotEmpty();
  }

  @Test
  void withoutFsyncAPowerCutTakesObjects() {
    assertThat(firstDamage(Ignored.NOTHING, false)).isNotEqualTo(Damage.NONE);
  }

  private static Damage firstDamage(Ignored ignored, boolean fsync) {
    for (long seed = 0; seed < SEEDS; seed++) {
      Damage damage = damageOf(ignored, fsync, seed);
      if (!damage.equals(Damage.NONE)) {
        return damage;
      }
    }
    return Damage.NONE;
  }

  /** Puts, some of them twice, until the power goes at a step that the seed chooses. */
  private static Damage damageOf(Ignored ignored, boolean fsync, long seed) {
    RandomGenerator chance = new SplittableRandom(seed);
    PowerCutFileTree files = new PowerCutFileTree(ignored);
    List<ObjectKey> acknowledged = new ArrayList<>();
    try (ObjectStore store = new FileObjectStore(ROOT, fsync, files)) {
      files.failAfter(chance.nextInt(120));
      for (int i = 0; i < 8; i++) {
        ObjectKey key =
            new ObjectKey("intake/" + chance.nextInt(2) + "/" + chance.nextInt(996, 1_004));
        switch (Outcomes.of(store.putIfAbsent(key, content(key)))) {
          case PutOutcome.Stored _, PutOutcome.Occupied _ -> acknowledged.add(key);
          case PutOutcome.Unknown _ -> {}
        }
      }
    }
    files.cutPower(chance);
    try (ObjectStore store = new FileObjectStore(ROOT, fsync, files)) {
      return damage(store, acknowledged);
    }
  }

  private static Damage damage(ObjectStore store, List<ObjectKey> acknowledged) {
    List<ObjectKey> lost = new ArrayList<>();
    List<ObjectKey> torn = new ArrayList<>();
    for (ObjectKey key : acknowledged) {
      if (Outcomes.of(store.get(key)) instanceof GetOutcome.Absent) {
        lost.add(key);
      }
    }
    ListOutcome listed = Outcomes.of(store.list("", Optional.empty()));
    for (Entry entry : ((ListOutcome.Listed) listed).entries()) {
      GetOutcome.Found found = (GetOutcome.Found) Outcomes.of(store.get(entry.key()));
      if (!found.bytes().equals(content(entry.key()).getFirst())) {
        torn.add(entry.key());
      }
    }
    return new Damage(lost, torn);
  }

  private static List<Bytes> content(ObjectKey key) {
    byte[] bytes = key.value().repeat(10).getBytes(StandardCharsets.UTF_8);
    return List.of(Bytes.wrap(bytes));
  }

  /** The second attempt finds the name, which only a folder that is forced keeps. */
  @Test
  void anAttemptThatFindsItsOwnUnknownOneMakesItDurable() {
    for (int operations = 0; operations < 40; operations++) {
      PowerCutFileTree files = new PowerCutFileTree(Ignored.NOTHING);
      ObjectKey key = new ObjectKey("intake/1/1");
      try (ObjectStore store = new FileObjectStore(ROOT, true, files)) {
        files.failAfter(operations);
        PutOutcome first = Outcomes.of(store.putIfAbsent(key, content(key)));
        files.failAfter(Long.MAX_VALUE);
        PutOutcome second = Outcomes.of(store.putIfAbsent(key, content(key)));
        assertThat(second).isNotInstanceOf(PutOutcome.Unknown.class);
        assertThat(first.equals(new PutOutcome.Stored()) && second.equals(first)).isFalse();
      }
      files.cutPower(new AllLost());
      try (ObjectStore store = new FileObjectStore(ROOT, true, files)) {
        assertThat(Outcomes.of(store.get(key))).isInstanceOf(GetOutcome.Found.class);
      }
    }
  }

  /** Nothing survives that was not forced. */
  private static final class AllLost implements RandomGenerator {
    @Override
    public long nextLong() {
      return 0;
    }

    @Override
    public boolean nextBoolean() {
      return false;
    }
  }

  @Test
  void aFolderThatWasDeletedAndMadeAgainIsForcedAgain() {
    PowerCutFileTree files = new PowerCutFileTree(Ignored.NOTHING);
    ObjectKey first = new ObjectKey("intake/1/1");
    ObjectKey second = new ObjectKey("intake/1/2");
    try (ObjectStore store = new FileObjectStore(ROOT, true, files)) {
      Outcomes.of(store.putIfAbsent(first, content(first)));
      Outcomes.of(store.delete(first));
      assertThat(Outcomes.of(store.putIfAbsent(second, content(second))))
          .isEqualTo(new PutOutcome.Stored());
    }
    files.cutPower(new AllLost());
    try (ObjectStore store = new FileObjectStore(ROOT, true, files)) {
      assertThat(Outcomes.of(store.get(second))).isInstanceOf(GetOutcome.Found.class);
    }
  }
}
