"""Checks a broker with kafka-python. usage: kafka_python.py BOOTSTRAP PREFIX

The topics PREFIX-group (4 partitions) and PREFIX-large (records of 2 MiB) exist; the others are created by being
written to.
"""

import sys

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.codec import has_lz4, has_snappy, has_zstd
from kafka.structs import OffsetAndMetadata

from checks import LARGE, Skipped, equal, records, run, until

BOOTSTRAP, PREFIX = sys.argv[1:3]
HAS_CODEC = {"none": lambda: True, "gzip": lambda: True, "snappy": has_snappy, "lz4": has_lz4, "zstd": has_zstd}


def produce(topic, messages, **settings):
    """messages: dictionaries for KafkaProducer.send. Waits until all are acknowledged."""
    producer = KafkaProducer(bootstrap_servers=BOOTSTRAP, acks="all", **settings)
    try:
        for sending in [producer.send(topic, partition=0, **message) for message in messages]:
            sending.get(timeout=30)
    finally:
        producer.close(timeout=10)


def consumer(**settings):
    settings.setdefault("enable_auto_commit", False)
    return KafkaConsumer(bootstrap_servers=BOOTSTRAP, **settings)


def poll(member, read):
    for got in member.poll(timeout_ms=100).values():
        read.extend(got)
    return True


def consume(topic, count, **settings):
    member, read = consumer(auto_offset_reset="earliest", **settings), []
    try:
        member.assign([TopicPartition(topic, 0)])
        until(f"{count} records of {topic}", lambda: poll(member, read) and len(read) >= count)
    finally:
        member.close()
    return read


def codec(name):
    def check():
        if not HAS_CODEC[name]():
            raise Skipped(f"its library for {name} is not installed")
        topic, sent = f"{PREFIX}-{name}", records(500)
        compression = None if name == "none" else name
        produce(topic, [{"key": k, "value": v} for k, v in sent], compression_type=compression, linger_ms=20)
        equal(sent, [(m.key, m.value) for m in consume(topic, len(sent))])

    return check


def headers():
    topic, sent = f"{PREFIX}-headers", [("a", b"1"), ("a", b"2"), ("empty", b"")]
    produce(topic, [{"value": b"value", "headers": sent}])
    equal(sent, consume(topic, 1)[0].headers)


def tombstones():
    topic = f"{PREFIX}-tombstones"
    produce(topic, [{"key": b"key", "value": None}, {"value": b""}])
    equal([(b"key", None), (None, b"")], [(m.key, m.value) for m in consume(topic, 2)])


def large_record():
    produce(f"{PREFIX}-large", [{"value": LARGE}], max_request_size=2_000_000)
    equal(LARGE, consume(f"{PREFIX}-large", 1, max_partition_fetch_bytes=2_000_000)[0].value)


def offsets_for_times():
    topic, first = f"{PREFIX}-timestamps", 1_700_000_000_000
    produce(topic, [{"value": b"%d" % i, "timestamp_ms": first + i * 1000} for i in range(5)])
    partition, member = TopicPartition(topic, 0), consumer()
    try:
        equal(2, member.offsets_for_times({partition: first + 1500})[partition].offset)
        equal({partition: 0}, member.beginning_offsets([partition]))
        equal({partition: 5}, member.end_offsets([partition]))
    finally:
        member.close()


def rebalance():
    topic = f"{PREFIX}-group"
    members = [
        consumer(group_id=f"{PREFIX}-rebalance", heartbeat_interval_ms=500, session_timeout_ms=6000) for _ in range(2)
    ]
    try:
        for member in members:
            member.subscribe([topic])
        shares = lambda: [len(m.assignment()) for m in members if poll(m, [])]
        # Joining blocks in poll, so both must be inside it at once: a thread each.
        poll_together(members, lambda: [len(m.assignment()) for m in members] == [2, 2])
        members.pop().close()
        until("the member that stays has all partitions", lambda: shares() == [4])
    finally:
        for member in members:
            member.close()


def poll_together(members, done):
    from threading import Event, Thread

    ended = Event()

    def loop(member):
        while not ended.is_set():
            poll(member, [])

    threads = [Thread(target=loop, args=(member,)) for member in members]
    for thread in threads:
        thread.start()
    try:
        until("two members have two partitions each", lambda: ended.wait(0.05) or done())
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def commit_and_resume():
    topic = f"{PREFIX}-resume"
    produce(topic, [{"value": b"%d" % i} for i in range(10)])

    def read(count, commit):
        member, got = consumer(group_id=f"{PREFIX}-resume", auto_offset_reset="earliest"), []
        try:
            member.subscribe([topic])
            until(f"{count} records", lambda: poll(member, got) and len(got) >= count)
            if commit:
                member.commit({TopicPartition(topic, 0): OffsetAndMetadata(commit, "")})
        finally:
            member.close()
        return [m.offset for m in got]

    equal(list(range(10)), read(10, commit=None))
    equal(list(range(10)), read(10, commit=7))
    equal([7, 8, 9], read(3, commit=10))


def out_of_range_resets():
    topic = f"{PREFIX}-reset"
    produce(topic, [{"value": b"%d" % i} for i in range(3)])
    member, read = consumer(auto_offset_reset="earliest"), []
    try:
        member.assign([TopicPartition(topic, 0)])
        member.seek(TopicPartition(topic, 0), 999)
        until("three records", lambda: poll(member, read) and len(read) >= 3)
    finally:
        member.close()
    equal([0, 1, 2], [m.offset for m in read])


run(
    [(f"codec {name}", codec(name)) for name in HAS_CODEC]
    + [
        ("headers", headers),
        ("tombstones", tombstones),
        ("record of 1 MiB", large_record),
        ("offset by timestamp", offsets_for_times),
        ("rebalance range", rebalance),
        ("commit and resume", commit_and_resume),
        ("offset reset", out_of_range_resets),
    ]
)
