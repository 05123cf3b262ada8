package io.tributary.actors.group;

import io.tributary.actors.cluster.ClusterImage;
import io.tributary.actors.cluster.TopicImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataDelta;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataImage;

/** The topics of a cluster image, as the group machine reads them. */
record TopicsMetadata(ClusterImage cluster) implements CoordinatorMetadataImage {
  @Override
  public Set<Uuid> topicIds() {
    return cluster.topicsById().keySet().stream()
        .map(TopicsMetadata::uuid)
        .collect(Collectors.toSet());
  }

  @Override
  public Set<String> topicNames() {
    return cluster.topicsByName().keySet();
  }

  @Override
  public Optional<TopicMetadata> topicMetadata(String name) {
    return cluster.topic(name).map(Topic::new);
  }

  @Override
  public Optional<TopicMetadata> topicMetadata(Uuid id) {
    return cluster
        .topic(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()))
        .map(Topic::new);
  }

  @Override
  public CoordinatorMetadataDelta emptyDelta() {
    return new Delta(this, Set.of(), Set.of(), Set.of());
  }

  @Override
  public long version() {
    return cluster.revision();
  }

  @Override
  public boolean isEmpty() {
    return cluster.topicsById().isEmpty();
  }

  /** What is different in {@code next}. */
  Delta deltaTo(TopicsMetadata next) {
    Set<Uuid> created = new HashSet<>();
    Set<Uuid> changed = new HashSet<>();
    next.cluster
        .topicsById()
        .forEach(
            (id, topic) -> {
              TopicImage before = cluster.topicsById().get(id);
              if (before == null) {
                created.add(uuid(id));
              }
              if (before == null || before.partitions() != topic.partitions()) {
                changed.add(uuid(id));
              }
            });
    Set<Uuid> deleted =
        cluster.topicsById().keySet().stream()
            .filter(id -> !next.cluster.topicsById().containsKey(id))
            .map(TopicsMetadata::uuid)
            .collect(Collectors.toSet());
    return new Delta(this, created, changed, deleted);
  }

  private static Uuid uuid(UUID id) {
    return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /**
   * @param image the image before the change: names of deleted topics are looked up there
   * @param changedTopicIds holds the created ones too
   */
  record Delta(
      CoordinatorMetadataImage image,
      Collection<Uuid> createdTopicIds,
      Collection<Uuid> changedTopicIds,
      Set<Uuid> deletedTopicIds)
      implements CoordinatorMetadataDelta {
    boolean isEmpty() {
      return changedTopicIds.isEmpty() && deletedTopicIds.isEmpty();
    }
  }

  private record Topic(TopicImage topic) implements TopicMetadata {
    @Override
    public String name() {
      return topic.name();
    }

    @Override
    public Uuid id() {
      return uuid(topic.id());
    }

    @Override
    public int partitionCount() {
      return topic.partitions();
    }

    /**
     * No racks: every zone reads every partition, so none is nearer to a member than another, and
     * naming zones would rebalance groups whenever a node comes or goes. The machine sorts the list
     * in place.
     */
    @Override
    public List<String> partitionRacks(int partition) {
      return new ArrayList<>();
    }
  }
}
