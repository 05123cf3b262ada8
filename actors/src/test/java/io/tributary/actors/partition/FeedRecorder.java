package io.tributary.actors.partition;

import java.util.ArrayList;
import java.util.List;

/** A subscriber that keeps all it is told. */
final class FeedRecorder implements FeedSink {
  private final List<FeedMessage> messages = new ArrayList<>();

  @Override
  public void tell(FeedMessage message) {
    messages.add(message);
  }

  List<FeedMessage> messages() {
    return messages;
  }

  List<PartitionUpdate> updates() {
    return messages.stream().flatMap(message -> message.updates().stream()).toList();
  }

  PartitionUpdate lastUpdate() {
    return updates().getLast();
  }
}
