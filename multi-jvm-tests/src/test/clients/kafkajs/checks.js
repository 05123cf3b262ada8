// Checks a broker with KafkaJS. usage: node checks.js BOOTSTRAP PREFIX
// Prints "ok NAME" or "not ok NAME: why" for each check. The topics PREFIX-group (4 partitions) and PREFIX-large
// (records of 2 MiB) exist; the others are created here.
const assert = require('node:assert/strict');
const { randomBytes } = require('node:crypto');
const { CompressionTypes, Kafka, Partitioners, logLevel } = require('kafkajs');

const [bootstrap, prefix] = process.argv.slice(2);
const kafka = new Kafka({ clientId: prefix, brokers: [bootstrap], logLevel: logLevel.NOTHING });
const WAIT_MS = 40_000;

async function until(what, condition) {
  const deadline = Date.now() + WAIT_MS;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `${what}: not within ${WAIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function withAdmin(body) {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await body(admin);
  } finally {
    await admin.disconnect();
  }
}

function createTopic(topic) {
  return withAdmin((admin) => admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1 }] }));
}

async function produce(topic, messages, { idempotent = false, compression = CompressionTypes.None } = {}) {
  const producer = kafka.producer({ idempotent, createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    await producer.send({ topic, acks: -1, compression, messages: messages.map((m) => ({ partition: 0, ...m })) });
  } finally {
    await producer.disconnect();
  }
}

// A running member of a group; `read` grows while it runs.
async function join(topic, groupId, { fromBeginning = true, autoCommit = false } = {}) {
  const consumer = kafka.consumer({
    groupId,
    heartbeatInterval: 300,
    sessionTimeout: 6000,
    rebalanceTimeout: 10_000,
    maxWaitTimeInMs: 200, // Leaving waits for the fetch that is under way.
  });
  const read = [];
  let assignment = [];
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => (assignment = payload.memberAssignment[topic] ?? []));
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning });
  await consumer.run({ autoCommit, eachMessage: async ({ message }) => void read.push(message) });
  return { consumer, read, assigned: () => assignment.length, leave: () => consumer.disconnect() };
}

async function consume(topic, count, groupId = `${prefix}-${topic}`) {
  const member = await join(topic, groupId);
  try {
    await until(`${count} records of ${topic}`, () => member.read.length >= count);
  } finally {
    await member.leave();
  }
  return member.read;
}

const text = (messages) => messages.map(({ key, value }) => [String(key), String(value)]);

async function codec(name, compression) {
  const topic = `${prefix}-${name}`;
  const sent = Array.from({ length: 500 }, (_, i) => ({ key: `key-${i}`, value: `value-${i}-${'x'.repeat(i % 300)}` }));
  await createTopic(topic);
  await produce(topic, sent, { compression });
  assert.deepEqual(text(await consume(topic, sent.length)), text(sent));
}

async function headers() {
  const topic = `${prefix}-headers`;
  await createTopic(topic);
  await produce(topic, [{ value: 'value', headers: { a: ['1', '2'], empty: '' } }]);
  const [message] = await consume(topic, 1);
  assert.deepEqual(message.headers.a.map(String), ['1', '2']);
  assert.equal(String(message.headers.empty), '');
}

async function tombstones() {
  const topic = `${prefix}-tombstones`;
  await createTopic(topic);
  await produce(topic, [{ key: 'key', value: null }, { key: null, value: '' }]);
  const [first, second] = await consume(topic, 2);
  assert.deepEqual([String(first.key), first.value], ['key', null]);
  assert.deepEqual([second.key, String(second.value)], [null, '']);
}

async function largeRecord() {
  const value = randomBytes(1 << 20);
  await produce(`${prefix}-large`, [{ value }]);
  const [message] = await consume(`${prefix}-large`, 1);
  assert.ok(value.equals(message.value), 'the record read is another one');
}

async function idempotentOrder() {
  const topic = `${prefix}-idempotent`;
  const sent = Array.from({ length: 1000 }, (_, i) => ({ key: 'key', value: `${i}` }));
  await createTopic(topic);
  await produce(topic, sent, { idempotent: true });
  assert.deepEqual(text(await consume(topic, sent.length)), text(sent));
}

async function offsetByTimestamp() {
  const topic = `${prefix}-timestamps`;
  const first = 1_700_000_000_000;
  await createTopic(topic);
  for (let i = 0; i < 5; i++) await produce(topic, [{ value: `${i}`, timestamp: `${first + i * 1000}` }]);
  await withAdmin(async (admin) => {
    assert.equal((await admin.fetchTopicOffsetsByTimestamp(topic, first + 1500))[0].offset, '2');
    const [{ low, high }] = await admin.fetchTopicOffsets(topic);
    assert.deepEqual([low, high], ['0', '5']);
  });
}

async function rebalance() {
  const topic = `${prefix}-group`;
  const first = await join(topic, `${prefix}-rebalance`);
  const second = await join(topic, `${prefix}-rebalance`);
  try {
    await until('two members have two partitions each', () => first.assigned() === 2 && second.assigned() === 2);
    await second.leave();
    await until('the member that stays has all partitions', () => first.assigned() === 4);
  } finally {
    await first.leave();
  }
}

async function commitAndResume() {
  const topic = `${prefix}-resume`;
  const groupId = `${prefix}-resume`;
  await createTopic(topic);
  await produce(topic, Array.from({ length: 10 }, (_, i) => ({ value: `${i}` })));
  const member = await join(topic, groupId);
  await until('ten records', () => member.read.length === 10);
  await member.consumer.commitOffsets([{ topic, partition: 0, offset: '7' }]);
  await member.leave();
  const values = async (count) => (await consume(topic, count, groupId)).map(({ value }) => String(value));
  assert.deepEqual(await values(3), ['7', '8', '9']);
  await withAdmin((admin) => admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '9' }] }));
  assert.deepEqual(await values(1), ['9']);
}

async function offsetReset() {
  const topic = `${prefix}-reset`;
  const groupId = `${prefix}-reset`;
  await createTopic(topic);
  await produce(topic, [{ value: 'before' }]);
  await withAdmin((admin) => admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '999' }] }));
  assert.deepEqual((await consume(topic, 1, groupId)).map(({ offset }) => offset), ['0']);
}

const checks = [
  ['codec none', () => codec('none', CompressionTypes.None)],
  ['codec gzip', () => codec('gzip', CompressionTypes.GZIP)],
  ['headers', headers],
  ['tombstones', tombstones],
  ['record of 1 MiB', largeRecord],
  ['idempotent order', idempotentOrder],
  ['offset by timestamp', offsetByTimestamp],
  ['rebalance round-robin', rebalance],
  ['commit and resume', commitAndResume],
  ['offset reset', offsetReset],
];

(async () => {
  for (const [name, check] of checks) {
    try {
      await check();
      console.log(`ok ${name}`);
    } catch (failure) {
      console.log(`not ok ${name}: ${String(failure).replaceAll('\n', ' ').slice(0, 600)}`);
    }
  }
  process.exit(0);
})();
