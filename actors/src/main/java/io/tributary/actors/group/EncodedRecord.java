package io.tributary.actors.group;

import io.tributary.persistence.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One record of the group machine as Kafka's serde writes it for {@code __consumer_offsets}.
 *
 * @param value null: a tombstone, the key is no more
 */
record EncodedRecord(Bytes key, @Nullable Bytes value) {
  int bytes() {
    return key.length() + (value == null ? 0 : value.length());
  }
}
