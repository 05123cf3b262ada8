package io.tributary.persistence.metadata;

import io.tributary.persistence.metadata.MetadataStore.Compare;
import io.tributary.persistence.metadata.MetadataStore.Transaction;
import io.tributary.persistence.metadata.MetadataStore.Write;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * What every store asks of a transaction before it takes it, so that what passes on an embedded
 * store passes on etcd: its limits of 128 operations and 1.5 MiB, and that no key is written twice.
 */
final class TransactionRules {
  private TransactionRules() {}

  /**
   * @throws IllegalArgumentException a caller's mistake
   */
  static void check(Transaction transaction) {
    atMost(transaction.compares().size(), MetadataStore.TRANSACTION_OPERATIONS_MAX, "compares");
    atMost(transaction.then().size(), MetadataStore.TRANSACTION_OPERATIONS_MAX, "writes");
    atMost(transaction.otherwise().size(), MetadataStore.TRANSACTION_OPERATIONS_MAX, "reads");
    atMost(sizeBytes(transaction), MetadataStore.TRANSACTION_BYTES_MAX, "bytes");
    checkVersions(transaction);
    checkWrites(transaction);
  }

  /** To etcd an absent key has version 0, and so a compare with 0 would hold for it. */
  private static void checkVersions(Transaction transaction) {
    for (Compare compare : transaction.compares()) {
      if (compare instanceof Compare.VersionIs(String key, long version) && version < 1) {
        throw new IllegalArgumentException("'" + key + "' cannot have version " + version);
      }
    }
  }

  private static void checkWrites(Transaction transaction) {
    Set<String> put = new HashSet<>();
    for (Write write : transaction.then()) {
      if (write instanceof Write.Put(String key, var _) && !put.add(key)) {
        throw new IllegalArgumentException("one transaction puts '" + key + "' twice");
      }
    }
    for (Write write : transaction.then()) {
      for (String key : put) {
        if (deletes(write, key)) {
          throw new IllegalArgumentException("one transaction puts and deletes '" + key + "'");
        }
      }
    }
  }

  private static boolean deletes(Write write, String key) {
    return switch (write) {
      case Write.Put _ -> false;
      case Write.Delete(String deleted) -> deleted.equals(key);
      case Write.DeleteRange(String from, String to) ->
          KeyOrder.compare(from, key) <= 0 && KeyOrder.compare(key, to) < 0;
    };
  }

  private static int sizeBytes(Transaction transaction) {
    int size = 0;
    for (Compare compare : transaction.compares()) {
      size += utf8Bytes(compare.key());
      if (compare instanceof Compare.ValueIs(String _, var value)) {
        size += value.length();
      }
    }
    for (Write write : transaction.then()) {
      size +=
          switch (write) {
            case Write.Put(String key, var value) -> utf8Bytes(key) + value.length();
            case Write.Delete(String key) -> utf8Bytes(key);
            case Write.DeleteRange(String from, String to) -> utf8Bytes(from) + utf8Bytes(to);
          };
    }
    for (String key : transaction.otherwise()) {
      size += utf8Bytes(key);
    }
    return size;
  }

  private static int utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void atMost(int actual, int max, String what) {
    if (actual > max) {
      throw new IllegalArgumentException(
          "a transaction takes at most " + max + " " + what + ", not " + actual);
    }
  }
}
