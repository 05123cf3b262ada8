package io.tributary.persistence.format;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.model.NodeRecord;
import io.tributary.persistence.model.NodeRecord.Address;

/** {@link NodeRecord} as the value of {@code node/<name>}. */
public final class NodeRecordFormat {
  public static final String KEY_PREFIX = "node/";

  private NodeRecordFormat() {}

  public static String key(String nodeName) {
    return KEY_PREFIX + nodeName;
  }

  public static Bytes write(NodeRecord node) {
    return TextRecord.builder()
        .with("name", node.name())
        .with("incarnation", node.incarnation())
        .with("broker-id", node.brokerId())
        .with("client-host", node.clientAddress().host())
        .with("client-port", node.clientAddress().port())
        .with("cluster-host", node.clusterAddress().host())
        .with("cluster-port", node.clusterAddress().port())
        .with("zone", node.zone())
        .with("region", node.region())
        .with("version", node.softwareVersion())
        .with("started-at-ms", node.startedAtMs())
        .with("heartbeat", node.heartbeat())
        .write();
  }

  public static NodeRecord read(Bytes bytes) {
    TextRecord fields = TextRecord.read(bytes);
    return new NodeRecord(
        fields.text("name"),
        fields.number("incarnation"),
        fields.integer("broker-id"),
        new Address(fields.text("client-host"), fields.integer("client-port")),
        new Address(fields.text("cluster-host"), fields.integer("cluster-port")),
        fields.text("zone"),
        fields.text("region"),
        fields.text("version"),
        fields.number("started-at-ms"),
        fields.number("heartbeat"));
  }
}
