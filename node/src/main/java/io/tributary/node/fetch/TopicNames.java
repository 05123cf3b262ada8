package io.tributary.node.fetch;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicImage;
import java.util.AbstractMap;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** The names of an image's topics by id, as Kafka's request classes ask for them; no copy. */
final class TopicNames extends AbstractMap<Uuid, String> {
  private final ClusterImage image;

  TopicNames(ClusterImage image) {
    this.image = image;
  }

  @Override
  public @Nullable String get(Object id) {
    return id instanceof Uuid uuid
        ? image.topic(javaId(uuid)).map(TopicImage::name).orElse(null)
        : null;
  }

  @Override
  public boolean containsKey(Object id) {
    return get(id) != null;
  }

  @Override
  public Set<Entry<Uuid, String>> entrySet() {
    return image.topicsById().values().stream()
        .map(topic -> new SimpleImmutableEntry<>(kafkaId(topic.id()), topic.name()))
        .collect(Collectors.toUnmodifiableSet());
  }

  static UUID javaId(Uuid id) {
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  static Uuid kafkaId(UUID id) {
    return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
