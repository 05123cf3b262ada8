package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.ShardOwner;

/** {@link ShardOwner} as the value of {@code shard/<kind>/<s>/owner}. */
public final class ShardOwnerFormat {
  private static final String OWNED = "owned";
  private static final String RELEASED = "released";

  private ShardOwnerFormat() {}

  public static Bytes write(ShardOwner owner) {
    return TextRecord.builder()
        .with("epoch", owner.epoch())
        .with("incarnation", owner.incarnation())
        .with("attempt", owner.attempt())
        .with("state", owner.released() ? RELEASED : OWNED)
        .write();
  }

  public static ShardOwner read(Bytes bytes) {
    TextRecord fields = TextRecord.read(bytes);
    return new ShardOwner(
        fields.number("epoch"),
        fields.number("incarnation"),
        fields.number("attempt"),
        switch (fields.text("state")) {
          case OWNED -> false;
          case RELEASED -> true;
          case String other -> throw new FormatException("no state of an owner: " + other);
        });
  }
}
