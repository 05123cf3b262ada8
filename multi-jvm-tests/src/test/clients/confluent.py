"""Checks a broker with confluent-kafka (librdkafka). usage: confluent.py BOOTSTRAP PREFIX

The topics PREFIX-group (4 partitions) and PREFIX-large (records of 2 MiB) exist; the others are created by being
written to.
"""

import sys

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from checks import LARGE, equal, records, run, until

BOOTSTRAP, PREFIX = sys.argv[1:3]


def settings(**more):
    named = {name.replace("_", "."): value for name, value in more.items()}
    return {"bootstrap.servers": BOOTSTRAP, **named}


def produce(topic, messages, **more):
    """messages: dictionaries for Producer.produce. Waits until all are acknowledged."""
    failures = []

    def acknowledged(error, _message):
        if error is not None:
            failures.append(error)

    producer = Producer(settings(**more))
    for message in messages:
        producer.produce(topic, partition=message.pop("partition", 0), on_delivery=acknowledged, **message)
    equal(0, producer.flush(30))
    equal([], failures)


def consume(topic, count, offset=0, **more):
    consumer = Consumer(settings(group_id=f"{PREFIX}-none", enable_auto_commit=False, **more))
    read = []
    try:
        consumer.assign([TopicPartition(topic, 0, offset)])
        until(f"{count} records of {topic}", lambda: poll(consumer, read) and len(read) >= count)
    finally:
        consumer.close()
    return read


def poll(consumer, read):
    for message in consumer.consume(500, timeout=0.1):
        if message.error():
            raise KafkaException(message.error())
        read.append(message)
    return True


def codec(name):
    def check():
        topic, sent = f"{PREFIX}-{name}", records(500)
        produce(topic, [{"key": k, "value": v} for k, v in sent], compression_type=name, linger_ms=20)
        equal(sent, [(m.key(), m.value()) for m in consume(topic, len(sent))])

    return check


def headers():
    topic, sent = f"{PREFIX}-headers", [("a", b"1"), ("a", b"2"), ("empty", b""), ("null", None)]
    produce(topic, [{"value": b"value", "headers": sent}])
    equal(sent, consume(topic, 1)[0].headers())


def tombstones():
    topic = f"{PREFIX}-tombstones"
    produce(topic, [{"key": b"key", "value": None}, {"key": None, "value": b""}])
    equal([(b"key", None), (None, b"")], [(m.key(), m.value()) for m in consume(topic, 2)])


def large_record():
    produce(f"{PREFIX}-large", [{"value": LARGE}], message_max_bytes=2_000_000)
    equal(LARGE, consume(f"{PREFIX}-large", 1)[0].value())


def idempotent_order():
    topic, sent = f"{PREFIX}-idempotent", records(2000)
    produce(topic, [{"key": k, "value": v} for k, v in sent], enable_idempotence=True)
    equal(sent, [(m.key(), m.value()) for m in consume(topic, len(sent))])


def offsets_for_times():
    topic, first = f"{PREFIX}-timestamps", 1_700_000_000_000
    produce(topic, [{"value": b"%d" % i, "timestamp": first + i * 1000} for i in range(5)])
    consumer = Consumer(settings(group_id=f"{PREFIX}-none"))
    try:
        equal((0, 5), consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=10))
        found = consumer.offsets_for_times([TopicPartition(topic, 0, first + 1500)], timeout=10)
        equal(2, found[0].offset)
    finally:
        consumer.close()


def rebalance(strategy):
    def check():
        topic, group = f"{PREFIX}-group", f"{PREFIX}-{strategy}"
        more = dict(group_id=group, auto_offset_reset="latest", partition_assignment_strategy=strategy)
        members = [Consumer(settings(**more)) for _ in range(2)]
        try:
            for member in members:
                member.subscribe([topic])
            shares = lambda: [len(m.assignment()) for m in members if poll(m, [])]
            until("two members have two partitions each", lambda: shares() == [2, 2])
            members.pop().close()
            until("the member that stays has all partitions", lambda: shares() == [4])
        finally:
            for member in members:
                member.close()

    return check


def commit_and_resume():
    topic, group = f"{PREFIX}-resume", f"{PREFIX}-resume"
    produce(topic, [{"value": b"%d" % i} for i in range(10)])

    def read(count, commit):
        member = Consumer(settings(group_id=group, auto_offset_reset="earliest", enable_auto_commit=False))
        got = []
        try:
            member.subscribe([topic])
            until(f"{count} records in {group}", lambda: poll(member, got) and len(got) >= count)
            if commit:
                member.commit(offsets=[TopicPartition(topic, 0, commit)], asynchronous=False)
        finally:
            member.close()
        return [m.offset() for m in got]

    equal(list(range(10)), read(10, commit=None))
    equal(list(range(10)), read(10, commit=7))
    equal([7, 8, 9], read(3, commit=10))
    produce(topic, [{"value": b"more"}])
    equal([10], read(1, commit=11))


def out_of_range_resets():
    topic = f"{PREFIX}-reset"
    produce(topic, [{"value": b"%d" % i} for i in range(3)])
    equal([0, 1, 2], [m.offset() for m in consume(topic, 3, offset=999, auto_offset_reset="earliest")])


def admin_sees_the_cluster():
    metadata = AdminClient(settings()).list_topics(timeout=10)
    equal(1, len(metadata.brokers))
    equal(4, len(metadata.topics[f"{PREFIX}-group"].partitions))


run(
    [(f"codec {name}", codec(name)) for name in ("none", "gzip", "snappy", "lz4", "zstd")]
    + [
        ("headers", headers),
        ("tombstones", tombstones),
        ("record of 1 MiB", large_record),
        ("idempotent order", idempotent_order),
        ("offset by timestamp", offsets_for_times),
        ("rebalance range", rebalance("range")),
        ("rebalance cooperative-sticky", rebalance("cooperative-sticky")),
        ("commit and resume", commit_and_resume),
        ("offset reset", out_of_range_resets),
        ("cluster metadata", admin_sees_the_cluster),
    ]
)
