package io.tributary.actors.cluster;

import io.tributary.actors.cluster.ClusterRecords.TopicRecord;
import io.tributary.actors.cluster.KeyChange.Rule;
import io.tributary.actors.cluster.KeyChange.Step;
import io.tributary.actors.cluster.Topics.ChangeOutcome;
import io.tributary.actors.cluster.Topics.CreateOutcome;
import io.tributary.actors.cluster.Topics.NewTopic;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.metadata.MetadataStore.Entry;
import io.tributary.persistence.metadata.MetadataStore.Write;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;

/**
 * What each change of a topic writes, given what stands at its key. A rule may be asked again after
 * a write of its own whose outcome is unknown, so each knows its own writes when it sees them.
 */
final class TopicRules {
  private TopicRules() {}

  /**
   * Every attempt has an id of its own: one that lands late can then be told from another client's
   * topic, and one that was created and deleted meanwhile is never created again under a dead id.
   */
  static final class Creation implements Rule<CreateOutcome> {
    private final NewTopic topic;
    private final Supplier<UUID> freshIds;
    private final Set<UUID> attempts = new HashSet<>();

    Creation(NewTopic topic, Supplier<UUID> freshIds) {
      this.topic = topic;
      this.freshIds = freshIds;
    }

    @Override
    public Step<CreateOutcome> decide(Optional<Entry> current) {
      if (current.isEmpty()) {
        return attempt();
      }
      TopicRecord record = ClusterRecords.topic(current.get());
      if (attempts.contains(record.id())) {
        return new Step.Settled<>(
            new CreateOutcome.Created(ClusterRecords.image(current.get(), record)));
      }
      return new Step.Settled<>(new CreateOutcome.Exists(record.deleting()));
    }

    private Step<CreateOutcome> attempt() {
      UUID id = freshIds.get();
      attempts.add(id);
      String key = ClusterRecords.topicKey(topic.name());
      TopicRecord record = new TopicRecord(id, topic.partitions(), topic.overrides(), false);
      return new Step.Put<>(
          List.of(new Write.Put(key, ClusterRecords.encode(record))),
          new CreateOutcome.Created(
              new TopicImage(topic.name(), id, topic.partitions(), topic.overrides(), 0)));
    }
  }

  /** Raises the partition count of exactly this topic. */
  static final class Growth implements Rule<ChangeOutcome> {
    private final TopicImage topic;
    private final int count;
    private boolean attempted;

    Growth(TopicImage topic, int count) {
      this.topic = topic;
      this.count = count;
    }

    @Override
    public Step<ChangeOutcome> decide(Optional<Entry> current) {
      Optional<TopicRecord> living = living(topic, current);
      if (living.isEmpty()) {
        return new Step.Settled<>(new ChangeOutcome.Absent());
      }
      TopicRecord record = living.get();
      if (count == record.partitions()) {
        return new Step.Settled<>(
            attempted
                ? new ChangeOutcome.Changed()
                : refused("Topic already has " + record.partitions() + " partition(s)."));
      }
      if (count < record.partitions()) {
        return new Step.Settled<>(
            refused(
                "The topic %s currently has %d partition(s); %d would not be an increase."
                    .formatted(topic.name(), record.partitions(), count)));
      }
      attempted = true;
      return put(topic.name(), new TopicRecord(record.id(), count, record.overrides(), false));
    }

    private static ChangeOutcome refused(String message) {
      return new ChangeOutcome.Refused(Errors.INVALID_PARTITIONS, message);
    }
  }

  /** Edits are idempotent, so one whose outcome is unknown is simply made again. */
  record TopicConfigChange(TopicImage topic, ConfigEdit edit) implements Rule<ChangeOutcome> {
    @Override
    public Step<ChangeOutcome> decide(Optional<Entry> current) {
      Optional<TopicRecord> living = living(topic, current);
      if (living.isEmpty()) {
        return new Step.Settled<>(new ChangeOutcome.Absent());
      }
      TopicRecord record = living.get();
      return switch (edit.apply(record.overrides())) {
        case ConfigEdit.Result.Refused(Errors error, String message) ->
            new Step.Settled<>(new ChangeOutcome.Refused(error, message));
        case ConfigEdit.Result.Accepted(Map<String, String> configs) ->
            configs.equals(record.overrides())
                ? new Step.Settled<>(new ChangeOutcome.Changed())
                : put(
                    topic.name(),
                    new TopicRecord(record.id(), record.partitions(), configs, false));
      };
    }
  }

  /** A change of configs that stand at a key of their own. */
  record OwnerConfigChange(String key, ConfigEdit edit) implements Rule<ChangeOutcome> {
    @Override
    public Step<ChangeOutcome> decide(Optional<Entry> current) {
      Map<String, String> stored =
          current.map(entry -> ClusterRecords.configs(entry).values()).orElse(Map.of());
      return switch (edit.apply(stored)) {
        case ConfigEdit.Result.Refused(Errors error, String message) ->
            new Step.Settled<>(new ChangeOutcome.Refused(error, message));
        case ConfigEdit.Result.Accepted(Map<String, String> configs) -> {
          if (configs.equals(stored)) {
            yield new Step.Settled<>(new ChangeOutcome.Changed());
          }
          Write write =
              configs.isEmpty()
                  ? new Write.Delete(key)
                  : new Write.Put(key, ClusterRecords.encode(configs));
          yield new Step.Put<>(List.of(write), new ChangeOutcome.Changed());
        }
      };
    }
  }

  /**
   * Makes a topic a deleted one: its name stays taken, its tombstone stands, until every shard has
   * forgotten it.
   */
  static final class Burial implements Rule<Burial.Outcome> {
    private final TopicImage topic;
    private boolean attempted;

    Burial(TopicImage topic) {
      this.topic = topic;
    }

    sealed interface Outcome {
      record Buried(DeletedTopic topic) implements Outcome {}

      /** Buried by us, and already forgotten: the name is free. */
      record Gone() implements Outcome {}

      record Absent() implements Outcome {}

      record Unknown(Throwable cause) implements Outcome {}
    }

    @Override
    public Step<Outcome> decide(Optional<Entry> current) {
      Optional<TopicRecord> same =
          current.map(ClusterRecords::topic).filter(record -> record.id().equals(topic.id()));
      if (same.isEmpty()) {
        return new Step.Settled<>(attempted ? new Outcome.Gone() : new Outcome.Absent());
      }
      TopicRecord record = same.get();
      DeletedTopic deleted = new DeletedTopic(topic.name(), record.id(), record.partitions());
      if (record.deleting()) {
        return new Step.Settled<>(new Outcome.Buried(deleted));
      }
      attempted = true;
      return new Step.Put<>(
          List.of(
              new Write.Put(ClusterRecords.topicKey(topic.name()), nameTaken(deleted)),
              new Write.Put(
                  ClusterRecords.tombstoneKey(record.id()), ClusterRecords.encode(deleted))),
          new Outcome.Buried(deleted));
    }
  }

  /** The value that keeps a deleted topic's name taken. */
  static Bytes nameTaken(DeletedTopic topic) {
    return ClusterRecords.encode(new TopicRecord(topic.id(), topic.partitions(), Map.of(), true));
  }

  private static Optional<TopicRecord> living(TopicImage topic, Optional<Entry> current) {
    return current
        .map(ClusterRecords::topic)
        .filter(record -> record.id().equals(topic.id()) && !record.deleting());
  }

  private static Step<ChangeOutcome> put(String name, TopicRecord record) {
    return new Step.Put<>(
        List.of(new Write.Put(ClusterRecords.topicKey(name), ClusterRecords.encode(record))),
        new ChangeOutcome.Changed());
  }
}
