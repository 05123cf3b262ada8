package io.tributary.persistence.format;

import io.tributary.persistence.model.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Writes each topic id once a file: 0 and the id at its first appearance, then its number. */
final class TopicTable {
  private final Map<UUID, Integer> numbers = new HashMap<>();
  private final List<UUID> ids = new ArrayList<>();

  void write(FieldWriter out, PartitionId partition) {
    Integer number = numbers.putIfAbsent(partition.topicId(), numbers.size() + 1);
    if (number == null) {
      out.number(0);
      out.uuid(partition.topicId());
    } else {
      out.number(number);
    }
    out.number(partition.partition());
  }

  PartitionId read(FieldReader in) {
    int number = in.size();
    if (number > ids.size()) {
      throw in.damaged("topic number " + number + " of " + ids.size());
    }
    if (number == 0) {
      ids.add(in.uuid());
    }
    UUID topic = number == 0 ? ids.getLast() : ids.get(number - 1);
    return new PartitionId(topic, in.size());
  }
}
