package io.tributary.actors.simulation;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore;
import io.tributary.persistence.objects.ObjectStore.PutOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Bugs in the object store, and in how its word is taken. */
final class ObjectBugs {
  private static final long UNSYNCED_NANOS = 400_000_000;

  private ObjectBugs() {}

  /** How a put goes wrong. */
  @FunctionalInterface
  private interface Put {
    CompletionStage<PutOutcome> put(
        ObjectStore sound, Sabotage.Surroundings surroundings, ObjectKey key, List<Bytes> parts);
  }

  static Sabotage unknownUploadIsTakenAsDone() {
    return puts(
        (sound, _, key, parts) ->
            sound
                .putIfAbsent(key, parts)
                .thenApply(
                    outcome ->
                        outcome instanceof PutOutcome.Unknown ? new PutOutcome.Stored() : outcome));
  }

  static Sabotage uploadIsTakenAsDoneBeforeItIs() {
    return puts(
        (sound, _, key, parts) -> {
          sound.putIfAbsent(key, parts);
          return CompletableFuture.completedFuture(new PutOutcome.Stored());
        });
  }

  static Sabotage indexPagesAreNotStored() {
    return puts(
        (sound, _, key, parts) ->
            LinkedObjectStore.isPage(key)
                ? CompletableFuture.completedFuture(new PutOutcome.Stored())
                : sound.putIfAbsent(key, parts));
  }

  /** What was stored shortly before a process dies is gone: the power failed as well. */
  static Sabotage storedIsNotSynced() {
    return puts(
        (sound, surroundings, key, parts) ->
            sound
                .putIfAbsent(key, parts)
                .thenApply(
                    outcome -> {
                      surroundings
                          .time()
                          .after(
                              UNSYNCED_NANOS,
                              () -> {
                                if (surroundings.process().isDead()) {
                                  surroundings.stores().lose(key);
                                }
                              });
                      return outcome;
                    }));
  }

  private static Sabotage puts(Put put) {
    return new Sabotage() {
      @Override
      public ObjectStore objects(ObjectStore sound, Surroundings surroundings) {
        return new PuttingOtherwise(sound, surroundings, put);
      }
    };
  }

  private record PuttingOtherwise(ObjectStore store, Sabotage.Surroundings surroundings, Put put)
      implements ObjectStore {
    @Override
    public CompletionStage<PutOutcome> putIfAbsent(ObjectKey key, List<Bytes> parts) {
      return put.put(store, surroundings, key, parts);
    }

    @Override
    public CompletionStage<GetOutcome> get(ObjectKey key) {
      return store.get(key);
    }

    @Override
    public CompletionStage<GetOutcome> getRange(ObjectKey key, long from, int length) {
      return store.getRange(key, from, length);
    }

    @Override
    public CompletionStage<GetOutcome> getSuffix(ObjectKey key, int length) {
      return store.getSuffix(key, length);
    }

    @Override
    public CompletionStage<ListOutcome> list(String prefix, Optional<ObjectKey> after) {
      return store.list(prefix, after);
    }

    @Override
    public CompletionStage<DeleteOutcome> delete(ObjectKey key) {
      return store.delete(key);
    }

    @Override
    public void close() {}
  }
}
