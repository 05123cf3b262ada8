package io.tributary.node.topics;

import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** Topic ids as Kafka's protocol writes them. */
public final class TopicIds {
  private TopicIds() {}

  public static Uuid toKafka(UUID id) {
    return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  public static UUID fromKafka(Uuid id) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /** A random id that Kafka's clients take: no reserved one, none whose text begins with a dash. */
  public static UUID fresh() {
    return fromKafka(Uuid.randomUuid());
  }
}
