package io.tributary.persistence.metadata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The order of keys: unsigned bytes of their UTF-8 form. It differs from {@link String#compareTo}
 * for characters outside the basic plane, and the stores must agree with etcd.
 */
final class KeyOrder {
  static final Comparator<String> COMPARATOR = KeyOrder::compare;

  private KeyOrder() {}

  static int compare(String left, String right) {
    return Arrays.compareUnsigned(
        left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
  }
}
