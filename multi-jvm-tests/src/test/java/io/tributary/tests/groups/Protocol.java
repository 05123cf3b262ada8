package io.tributary.tests.groups;

import java.util.Map;

/** The ways in which a group's members agree on who reads what. */
enum Protocol {
  CLASSIC_RANGE(
      Map.of("partition.assignment.strategy", "org.apache.kafka.clients.consumer.RangeAssignor")),
  CLASSIC_ROUND_ROBIN(
      Map.of(
          "partition.assignment.strategy", "org.apache.kafka.clients.consumer.RoundRobinAssignor")),
  CLASSIC_STICKY(
      Map.of("partition.assignment.strategy", "org.apache.kafka.clients.consumer.StickyAssignor")),
  CLASSIC_COOPERATIVE(
      Map.of(
          "partition.assignment.strategy",
          "org.apache.kafka.clients.consumer.CooperativeStickyAssignor")),
  CONSUMER_UNIFORM(Map.of("group.protocol", "consumer", "group.remote.assignor", "uniform")),
  CONSUMER_RANGE(Map.of("group.protocol", "consumer", "group.remote.assignor", "range"));

  final Map<String, String> settings;

  Protocol(Map<String, String> settings) {
    this.settings = settings;
  }
}
