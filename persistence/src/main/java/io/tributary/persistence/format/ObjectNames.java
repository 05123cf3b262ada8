package io.tributary.persistence.format;

import io.tributary.persistence.model.FlushId;
import io.tributary.persistence.model.PageId;
import io.tributary.persistence.objects.ObjectKey;

/** Where objects stand in the object store; see docs/formats.md. */
public final class ObjectNames {
  private ObjectNames() {}

  /** {@code intake/<incarnation>/<flush>}. */
  public static ObjectKey intake(FlushId flush) {
    return new ObjectKey("intake/" + flush.incarnation() + "/" + flush.flush());
  }

  /** {@code checkpoint/partitions/<shard>/<owner epoch>-<number>}. */
  public static ObjectKey page(PageId page) {
    return new ObjectKey("checkpoint/partitions/" + page);
  }
}
