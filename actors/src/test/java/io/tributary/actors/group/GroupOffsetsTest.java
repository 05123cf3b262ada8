package io.tributary.actors.group;

import static io.tributary.actors.group.OffsetRequests.commit;
import static io.tributary.actors.group.OffsetRequests.errorOf;
import static io.tributary.actors.group.OffsetRequests.fetch;
import static io.tributary.actors.group.OffsetRequests.offsetOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class GroupOffsetsTest {
  private final GroupShardHost host = new GroupShardHost();

  @Test
  void aCommitIsAnsweredOnceItIsDurable() {
    host.holdCommits();
    CompletableFuture<OffsetCommitResponseData> answer = host.ask(commit("g", "t", 0, 7));
    assertThat(answer).isNotDone();

    host.commitAll();

    assertThat(errorOf(answer.join())).isEqualTo(Errors.NONE);
  }

  @Test
  void aFetchSeesOnlyWhatIsDurable() {
    host.ask(commit("g", "t", 0, 7));
    host.holdCommits();
    host.ask(commit("g", "t", 0, 8));

    assertThat(offsetOf(host.ask(fetch("g", "t", 0, false)).join())).isEqualTo(7);
    host.commitAll();
    assertThat(offsetOf(host.ask(fetch("g", "t", 0, false)).join())).isEqualTo(8);
  }

  @Test
  void aStableFetchWaitsForTheCommitInFlight() {
    host.holdCommits();
    host.ask(commit("g", "t", 0, 8));
    CompletableFuture<OffsetFetchResponseGroup> answer = host.ask(fetch("g", "t", 0, true));
    assertThat(answer).isNotDone();

    host.commitAll();

    assertThat(offsetOf(answer.join())).isEqualTo(8);
  }

  @Test
  void aRefusedCommitAnswersNobody() {
    host.holdCommits();
    CompletableFuture<OffsetCommitResponseData> commit = host.ask(commit("g", "t", 0, 8));
    CompletableFuture<OffsetFetchResponseGroup> fetch = host.ask(fetch("g", "t", 0, true));

    host.refuseCommits();

    assertThat(commit).isNotDone();
    assertThat(fetch).isNotDone();
    host.restart();
    assertThat(offsetOf(host.ask(fetch("g", "t", 0, false)).join())).isEqualTo(-1);
  }

  @Test
  void withoutTheRightToServeAReadIsSentElsewhere() {
    host.ask(commit("g", "t", 0, 7));

    host.loseRightToServe();

    Errors notCoordinator = Errors.NOT_COORDINATOR;
    assertThat(host.ask(fetch("g", "t", 0, false)).join().errorCode())
        .isEqualTo(notCoordinator.code());
    assertThat(host.ask(fetch("g", "t", 0, true)).join().errorCode())
        .isEqualTo(notCoordinator.code());
    assertThat(host.ask(new GroupRequest.ListGroups(List.of(), List.of())).join().errorCode())
        .isEqualTo(notCoordinator.code());
  }

  @Test
  void aDeletedTopicTakesItsOffsetsAlong() {
    UUID id = host.createTopic("t", 1);
    host.ask(commit("g", "t", 0, 7));
    host.ask(commit("g", "other", 0, 9));
    host.holdCommits();

    CompletableFuture<GroupRequest.TopicForgotten> answer =
        host.ask(new GroupRequest.TopicDeleted("t", id));
    assertThat(answer).isNotDone();
    host.commitAll();

    assertThat(answer).isDone();
    host.restart();
    assertThat(offsetOf(host.ask(fetch("g", "t", 0, false)).join())).isEqualTo(-1);
    assertThat(offsetOf(host.ask(fetch("g", "other", 0, false)).join())).isEqualTo(9);
  }

  @Test
  void deletingATopicNobodyKnowsIsAnsweredAtOnce() {
    assertThat(host.ask(new GroupRequest.TopicDeleted("t", UUID.randomUUID()))).isDone();
  }

  @Test
  void offsetsOfAnEmptyGroupExpire() {
    GroupShardHost shortLived =
        new GroupShardHost(
            Map.of(
                "offsets.retention.minutes", "1", "offsets.retention.check.interval.ms", "10000"));
    shortLived.ask(commit("g", "t", 0, 7));

    shortLived.advance(Duration.ofSeconds(50));
    assertThat(offsetOf(shortLived.ask(fetch("g", "t", 0, false)).join())).isEqualTo(7);
    shortLived.advance(Duration.ofSeconds(30));

    assertThat(offsetOf(shortLived.ask(fetch("g", "t", 0, false)).join())).isEqualTo(-1);
    assertThat(shortLived.ask(new GroupRequest.ListGroups(List.of(), List.of())).join().groups())
        .isEmpty();
  }

  /** What one step of a history does. */
  enum Step {
    COMMIT,
    HOLD,
    SETTLE,
    CRASH,
    CRASH_AFTER_COMMIT,
    CHECKPOINT
  }

  @Property(tries = 200)
  void afterAnyCrashAnOffsetIsNotOlderThanTheNewestAcknowledged(
      @ForAll @Size(max = 40) List<Step> steps, @ForAll @IntRange(max = 2) int partitions) {
    GroupShardHost shard = new GroupShardHost();
    Map<Integer, Long> sent = new HashMap<>();
    Map<Integer, Long> acknowledged = new HashMap<>();
    long offset = 0;
    for (Step step : steps) {
      switch (step) {
        case COMMIT -> {
          int partition = (int) (offset % (partitions + 1));
          long committed = ++offset;
          sent.put(partition, committed);
          shard
              .ask(commit("g", "t", partition, committed))
              .thenAccept(answer -> acknowledged.put(partition, committed));
        }
        case HOLD -> shard.holdCommits();
        case SETTLE -> shard.commitAll();
        case CRASH -> shard.restart();
        case CRASH_AFTER_COMMIT -> shard.commitAllUnheard();
        case CHECKPOINT -> {
          shard.commitAll();
          shard.publishCheckpoint();
        }
      }
    }

    shard.restart();

    for (int partition = 0; partition <= partitions; partition++) {
      long found = offsetOf(shard.ask(fetch("g", "t", partition, false)).join());
      assertThat(found)
          .isBetween(acknowledged.getOrDefault(partition, -1L), sent.getOrDefault(partition, -1L));
    }
  }
}
