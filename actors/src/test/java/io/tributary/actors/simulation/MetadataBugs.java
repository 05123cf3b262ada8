package io.tributary.actors.simulation;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.format.CheckpointPointerFormat;
import io.tributary.persistence.metadata.MetadataStore;
import io.tributary.persistence.model.CheckpointPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Bugs in how the metadata store is asked, and in how its word is taken. */
final class MetadataBugs {
  private static final String JOURNAL = "/journal/";
  private static final String OWNER = "/owner";
  private static final String CHECKPOINT = "/checkpoint";

  private MetadataBugs() {}

  static Sabotage commitsCompareNoOwner() {
    return transactions(
        MetadataBugs::isCommit, tx -> without(tx, compare -> compare.key().endsWith(OWNER)));
  }

  static Sabotage acquiringComparesNothing() {
    return transactions(tx -> writes(tx, OWNER), tx -> without(tx, _ -> true));
  }

  static Sabotage publishingComparesNothing() {
    return transactions(tx -> writes(tx, CHECKPOINT), tx -> without(tx, _ -> true));
  }

  static Sabotage unknownCommitIsTakenAsDone() {
    return outcomes(new MetadataStore.TransactionOutcome.Applied(1));
  }

  static Sabotage journalIsCutOneTooFar() {
    return transactions(
        tx -> writes(tx, CHECKPOINT),
        tx ->
            new MetadataStore.Transaction(
                tx.compares(),
                tx.then().stream().map(MetadataBugs::cutOneFurther).toList(),
                tx.otherwise()));
  }

  static Sabotage checkpointClaimsOneTooMany() {
    return transactions(
        tx -> writes(tx, CHECKPOINT),
        tx ->
            new MetadataStore.Transaction(
                tx.compares(),
                tx.then().stream().map(MetadataBugs::claimOneMore).toList(),
                tx.otherwise()));
  }

  /** A replica that lags by one commit. */
  static Sabotage recoveryReadsStale() {
    return new Sabotage() {
      @Override
      public MetadataStore metadata(MetadataStore sound, Surroundings surroundings) {
        return new Forwarding(sound) {
          @Override
          public CompletionStage<ReadOutcome> range(String prefix) {
            return super.range(prefix).thenApply(Forwarding::withoutNewestCommit);
          }
        };
      }
    };
  }

  static Sabotage acquiresWhileTheOwnerLives() {
    return new Sabotage() {
      @Override
      public MetadataStore metadata(MetadataStore sound, Surroundings surroundings) {
        return new Forwarding(sound) {
          @Override
          public boolean isExclusive() {
            return true;
          }
        };
      }
    };
  }

  private static Sabotage transactions(
      Predicate<MetadataStore.Transaction> which, UnaryOperator<MetadataStore.Transaction> change) {
    return new Sabotage() {
      @Override
      public MetadataStore metadata(MetadataStore sound, Surroundings surroundings) {
        return new Forwarding(sound) {
          @Override
          public CompletionStage<TransactionOutcome> transact(Transaction transaction) {
            return super.transact(
                which.test(transaction) ? change.apply(transaction) : transaction);
          }
        };
      }
    };
  }

  private static Sabotage outcomes(MetadataStore.TransactionOutcome insteadOfUnknown) {
    return new Sabotage() {
      @Override
      public MetadataStore metadata(MetadataStore sound, Surroundings surroundings) {
        return new Forwarding(sound) {
          @Override
          public CompletionStage<TransactionOutcome> transact(Transaction transaction) {
            Function<TransactionOutcome, TransactionOutcome> take =
                outcome ->
                    outcome instanceof TransactionOutcome.Unknown ? insteadOfUnknown : outcome;
            return isCommit(transaction)
                ? super.transact(transaction).thenApply(take)
                : super.transact(transaction);
          }
        };
      }
    };
  }

  private static boolean isCommit(MetadataStore.Transaction transaction) {
    return transaction.then().stream()
        .anyMatch(
            write ->
                write instanceof MetadataStore.Write.Put(String key, _) && key.contains(JOURNAL));
  }

  private static boolean writes(MetadataStore.Transaction transaction, String keyEnd) {
    return transaction.then().stream()
        .anyMatch(
            write ->
                write instanceof MetadataStore.Write.Put(String key, _) && key.endsWith(keyEnd));
  }

  private static MetadataStore.Transaction without(
      MetadataStore.Transaction transaction, Predicate<MetadataStore.Compare> dropped) {
    return new MetadataStore.Transaction(
        transaction.compares().stream().filter(dropped.negate()).toList(),
        transaction.then(),
        transaction.otherwise());
  }

  private static MetadataStore.Write cutOneFurther(MetadataStore.Write write) {
    if (write instanceof MetadataStore.Write.DeleteRange(String from, String to)) {
      int digits = to.lastIndexOf('/') + 1;
      long number = Long.parseLong(to.substring(digits)) + 1;
      return new MetadataStore.Write.DeleteRange(
          from, to.substring(0, digits) + "%019d".formatted(number));
    }
    return write;
  }

  private static MetadataStore.Write claimOneMore(MetadataStore.Write write) {
    if (write instanceof MetadataStore.Write.Put(String key, Bytes value)
        && key.endsWith(CHECKPOINT)) {
      CheckpointPointer pointer = CheckpointPointerFormat.read(value);
      return new MetadataStore.Write.Put(
          key,
          CheckpointPointerFormat.write(
              new CheckpointPointer(
                  pointer.object(),
                  pointer.journalNumber() + 1,
                  pointer.lengthBytes(),
                  pointer.crc())));
    }
    return write;
  }

  /** The sound store, but for what a bug overrides. */
  private static class Forwarding implements MetadataStore {
    private final MetadataStore store;

    Forwarding(MetadataStore store) {
      this.store = store;
    }

    static ReadOutcome withoutNewestCommit(ReadOutcome outcome) {
      if (outcome instanceof ReadOutcome.Read(List<Entry> entries, long revision)) {
        List<Entry> stale = new ArrayList<>(entries);
        for (int i = stale.size() - 1; i >= 0; i--) {
          if (stale.get(i).key().contains(JOURNAL)) {
            stale.remove(i);
            break;
          }
        }
        return new ReadOutcome.Read(stale, revision);
      }
      return outcome;
    }

    @Override
    public CompletionStage<ReadOutcome> get(String key) {
      return store.get(key);
    }

    @Override
    public CompletionStage<ReadOutcome> range(String prefix) {
      return store.range(prefix);
    }

    @Override
    public CompletionStage<TransactionOutcome> transact(Transaction transaction) {
      return store.transact(transaction);
    }

    @Override
    public Watch watch(String prefix, Runnable listener) {
      return store.watch(prefix, listener);
    }

    @Override
    public boolean isExclusive() {
      return store.isExclusive();
    }

    @Override
    public void close() {}
  }
}
