package io.tributary.node;

import static io.tributary.wire.Order.IN_ORDER;
import static io.tributary.wire.Order.PIPELINED;
import static io.tributary.wire.Route.route;
import static org.apache.kafka.common.protocol.ApiKeys.*;

import io.tributary.node.cluster.AlterConfigsHandler;
import io.tributary.node.cluster.DescribeClusterHandler;
import io.tributary.node.cluster.DescribeConfigsHandler;
import io.tributary.node.cluster.IncrementalAlterConfigsHandler;
import io.tributary.node.cluster.ListConfigResourcesHandler;
import io.tributary.node.fetch.DeleteRecordsHandler;
import io.tributary.node.fetch.DescribeLogDirsHandler;
import io.tributary.node.fetch.DescribeProducersHandler;
import io.tributary.node.fetch.FetchHandler;
import io.tributary.node.fetch.ListOffsetsHandler;
import io.tributary.node.fetch.OffsetForLeaderEpochHandler;
import io.tributary.node.groups.ConsumerGroupDescribeHandler;
import io.tributary.node.groups.ConsumerGroupHeartbeatHandler;
import io.tributary.node.groups.DeleteGroupsHandler;
import io.tributary.node.groups.DescribeGroupsHandler;
import io.tributary.node.groups.FindCoordinatorHandler;
import io.tributary.node.groups.HeartbeatHandler;
import io.tributary.node.groups.JoinGroupHandler;
import io.tributary.node.groups.LeaveGroupHandler;
import io.tributary.node.groups.ListGroupsHandler;
import io.tributary.node.groups.OffsetCommitHandler;
import io.tributary.node.groups.OffsetDeleteHandler;
import io.tributary.node.groups.OffsetFetchHandler;
import io.tributary.node.groups.SyncGroupHandler;
import io.tributary.node.produce.InitProducerIdHandler;
import io.tributary.node.produce.ProduceHandler;
import io.tributary.node.topics.CreatePartitionsHandler;
import io.tributary.node.topics.CreateTopicsHandler;
import io.tributary.node.topics.DeleteTopicsHandler;
import io.tributary.node.topics.DescribeTopicPartitionsHandler;
import io.tributary.node.topics.MetadataHandler;
import io.tributary.wire.RequestTable;

/** The Kafka APIs of a node: one row each, with the versions Apache Kafka 4.3 serves. */
final class KafkaApis {
  private KafkaApis() {}

  static RequestTable table(Domain domain) {
    var image = domain.images();
    var topics = domain.topics();
    var reader = domain.reader();
    var groups = domain.groups();
    var configs = domain.configs();
    return RequestTable.of(
        route(
                PRODUCE,
                3,
                13,
                PIPELINED,
                new ProduceHandler(
                    domain.produceTopics(), domain.intake(), domain.inflation(), domain.clock()))
            .carryingRecords(),
        route(
            FETCH,
            4,
            18,
            IN_ORDER,
            new FetchHandler(image, topics, reader, domain.fetchSettings())),
        route(LIST_OFFSETS, 1, 11, IN_ORDER, new ListOffsetsHandler(topics, reader)),
        route(METADATA, 0, 13, IN_ORDER, new MetadataHandler(image, domain.topicCreator())),
        route(OFFSET_COMMIT, 2, 10, PIPELINED, new OffsetCommitHandler(groups, topics)),
        route(OFFSET_FETCH, 1, 10, IN_ORDER, new OffsetFetchHandler(groups, topics)),
        route(FIND_COORDINATOR, 0, 6, IN_ORDER, new FindCoordinatorHandler(image)),
        route(JOIN_GROUP, 0, 9, PIPELINED, new JoinGroupHandler(groups)),
        route(HEARTBEAT, 0, 4, PIPELINED, new HeartbeatHandler(groups)),
        route(LEAVE_GROUP, 0, 5, PIPELINED, new LeaveGroupHandler(groups)),
        route(SYNC_GROUP, 0, 5, PIPELINED, new SyncGroupHandler(groups)),
        route(DESCRIBE_GROUPS, 0, 6, IN_ORDER, new DescribeGroupsHandler(groups)),
        route(LIST_GROUPS, 0, 5, IN_ORDER, new ListGroupsHandler(groups)),
        route(
            CREATE_TOPICS,
            2,
            7,
            IN_ORDER,
            new CreateTopicsHandler(image, topics, configs, domain.configDescriptions())),
        route(DELETE_TOPICS, 1, 6, IN_ORDER, new DeleteTopicsHandler(image, topics)),
        route(
            DELETE_RECORDS,
            0,
            2,
            IN_ORDER,
            new DeleteRecordsHandler(image, topics, configs.topicConfigs(), domain.shards())),
        route(INIT_PRODUCER_ID, 0, 5, IN_ORDER, new InitProducerIdHandler(domain.producerIds())),
        route(
            OFFSET_FOR_LEADER_EPOCH,
            2,
            4,
            IN_ORDER,
            new OffsetForLeaderEpochHandler(topics, reader)),
        route(
            DESCRIBE_CONFIGS,
            1,
            4,
            IN_ORDER,
            new DescribeConfigsHandler(
                image, topics, domain.configDescriptions(), domain.localConfigs())),
        route(ALTER_CONFIGS, 0, 2, IN_ORDER, new AlterConfigsHandler(domain.configChanges())),
        route(
            DESCRIBE_LOG_DIRS,
            1,
            5,
            IN_ORDER,
            new DescribeLogDirsHandler(image, domain::isLedHere, domain.shards(), domain.volume())),
        route(CREATE_PARTITIONS, 0, 3, IN_ORDER, new CreatePartitionsHandler(image, topics)),
        route(DELETE_GROUPS, 0, 2, IN_ORDER, new DeleteGroupsHandler(groups)),
        route(
            INCREMENTAL_ALTER_CONFIGS,
            0,
            1,
            IN_ORDER,
            new IncrementalAlterConfigsHandler(
                domain.configChanges(), domain.localConfigs().loggers())),
        route(OFFSET_DELETE, 0, 0, IN_ORDER, new OffsetDeleteHandler(groups, topics)),
        route(DESCRIBE_CLUSTER, 0, 2, IN_ORDER, new DescribeClusterHandler(image)),
        route(
            DESCRIBE_PRODUCERS,
            0,
            0,
            IN_ORDER,
            new DescribeProducersHandler(image, topics, domain.shards())),
        route(CONSUMER_GROUP_HEARTBEAT, 0, 1, PIPELINED, new ConsumerGroupHeartbeatHandler(groups)),
        route(CONSUMER_GROUP_DESCRIBE, 0, 1, IN_ORDER, new ConsumerGroupDescribeHandler(groups)),
        route(LIST_CONFIG_RESOURCES, 0, 1, IN_ORDER, new ListConfigResourcesHandler(image)),
        route(
            DESCRIBE_TOPIC_PARTITIONS,
            0,
            0,
            IN_ORDER,
            new DescribeTopicPartitionsHandler(image, topics)));
  }
}
