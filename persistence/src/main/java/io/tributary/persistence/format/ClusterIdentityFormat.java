package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.ClusterIdentity;
import io.tributary.persistence.model.ShardCounts;

/** {@link ClusterIdentity} as the value of {@code cluster}. */
public final class ClusterIdentityFormat {
  public static final String KEY = "cluster";

  private ClusterIdentityFormat() {}

  public static Bytes write(ClusterIdentity cluster) {
    return TextRecord.builder()
        .with("id", cluster.id())
        .with("format", cluster.formatVersion())
        .with("partition-shards", cluster.shards().partitions())
        .with("group-shards", cluster.shards().groups())
        .with("transaction-shards", cluster.shards().transactions())
        .write();
  }

  /**
   * @throws FormatException when a newer release wrote it
   */
  public static ClusterIdentity read(Bytes bytes) {
    TextRecord fields = TextRecord.read(bytes);
    int format = fields.integer("format");
    if (format > ClusterIdentity.FORMAT_VERSION) {
      throw new FormatException(
          "the cluster has format " + format + ", written by a newer release");
    }
    return new ClusterIdentity(
        fields.text("id"),
        format,
        new ShardCounts(
            fields.integer("partition-shards"),
            fields.integer("group-shards"),
            fields.integer("transaction-shards")));
  }
}
