package io.tributary.persistence.metadata;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Txn;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.tributary.persistence.Bytes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Metadata in etcd 3.4 or newer. Every call has a deadline, past which its outcome is unknown; the
 * client's own retries are off, for a repeated transaction would find its own first attempt and
 * call it a refusal. Connections come back by themselves, also when etcd was away at the start.
 *
 * <p>Source: etcd API reference v3, RPC {@code Range} and {@code Txn}; reads are linearizable (not
 * {@code serializable}).
 */
public final class EtcdMetadataStore implements MetadataStore {
  private static final Duration CALL_DEADLINE = Duration.ofSeconds(3);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofSeconds(1);

  /** The largest answer: all topics of a large cluster in one range. */
  private static final int ANSWER_BYTES_MAX = 128 * 1024 * 1024;

  private final String keyPrefix;
  private final Client client;
  private final KV keys;
  private final ScheduledExecutorService poller;
  private final Set<EtcdWatch> watches = ConcurrentHashMap.newKeySet();

  /**
   * @param keyPrefix stands before every key in etcd
   */
  public EtcdMetadataStore(List<URI> endpoints, String keyPrefix) {
    this.keyPrefix = keyPrefix;
    this.client =
        Client.builder()
            .endpoints(endpoints)
            .retryMaxAttempts(0)
            .connectTimeout(CONNECT_TIMEOUT)
            .keepaliveTime(KEEP_ALIVE)
            .keepaliveTimeout(KEEP_ALIVE_TIMEOUT)
            .keepaliveWithoutCalls(false)
            .maxInboundMessageSize(ANSWER_BYTES_MAX)
            .interceptor(new CallDeadline(CALL_DEADLINE))
            .build();
    this.keys = client.getKVClient();
    ThreadFactory threads = Thread.ofPlatform().name("metadata-etcd-poll").daemon().factory();
    this.poller = Executors.newSingleThreadScheduledExecutor(threads);
    Future<?> _ =
        poller.scheduleWithFixedDelay(
            () -> watches.forEach(EtcdWatch::poll),
            POLL.toMillis(),
            POLL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public CompletionStage<ReadOutcome> get(String key) {
    return read(key, GetOption.DEFAULT);
  }

  @Override
  public CompletionStage<ReadOutcome> range(String prefix) {
    return read(prefix, GetOption.builder().isPrefix(true).build());
  }

  private CompletionStage<ReadOutcome> read(String key, GetOption option) {
    return outcome(
        () -> keys.get(keyBytes(key), option),
        (GetResponse response) ->
            new ReadOutcome.Read(entries(response.getKvs()), response.getHeader().getRevision()),
        ReadOutcome.Unknown::new);
  }

  @Override
  public CompletionStage<TransactionOutcome> transact(Transaction transaction) {
    try {
      TransactionRules.check(transaction);
    } catch (IllegalArgumentException mistake) {
      return CompletableFuture.failedFuture(mistake);
    }
    return outcome(
        () -> etcdTransaction(transaction).commit(),
        (TxnResponse response) ->
            response.isSucceeded()
                ? new TransactionOutcome.Applied(response.getHeader().getRevision())
                : new TransactionOutcome.Refused(
                    response.getGetResponses().stream()
                        .flatMap(read -> entries(read.getKvs()).stream())
                        .toList(),
                    response.getHeader().getRevision()),
        TransactionOutcome.Unknown::new);
  }

  private Txn etcdTransaction(Transaction transaction) {
    return keys.txn()
        .If(transaction.compares().stream().map(this::compare).toArray(Cmp[]::new))
        .Then(transaction.then().stream().map(this::write).toArray(Op[]::new))
        .Else(
            transaction.otherwise().stream()
                .map(key -> Op.get(keyBytes(key), GetOption.DEFAULT))
                .toArray(Op[]::new));
  }

  private Cmp compare(Compare compare) {
    ByteSequence key = keyBytes(compare.key());
    return new Cmp(
        key,
        Cmp.Op.EQUAL,
        switch (compare) {
          case Compare.Absent _ -> CmpTarget.createRevision(0);
          case Compare.ValueIs(String _, Bytes value) -> CmpTarget.value(bytes(value));
          case Compare.VersionIs(String _, long version) -> CmpTarget.modRevision(version);
        });
  }

  private Op write(Write write) {
    return switch (write) {
      case Write.Put(String key, Bytes value) ->
          Op.put(keyBytes(key), bytes(value), PutOption.DEFAULT);
      case Write.Delete(String key) -> Op.delete(keyBytes(key), DeleteOption.DEFAULT);
      case Write.DeleteRange(String from, String to) ->
          Op.delete(keyBytes(from), DeleteOption.builder().withRange(keyBytes(to)).build());
    };
  }

  private static <R, T> CompletionStage<T> outcome(
      Supplier<CompletableFuture<R>> call,
      Function<? super R, ? extends T> done,
      Function<Throwable, ? extends T> unknown) {
    CompletableFuture<R> response;
    try {
      response = call.get();
    } catch (RuntimeException e) {
      // The client refuses calls after it was closed.
      return CompletableFuture.completedFuture(unknown.apply(e));
    }
    return response.handle(
        (answer, failure) -> failure == null ? done.apply(answer) : unknown.apply(failure));
  }

  private List<Entry> entries(List<KeyValue> found) {
    return found.stream()
        .map(
            entry ->
                new Entry(
                    entry.getKey().toString(StandardCharsets.UTF_8).substring(keyPrefix.length()),
                    Bytes.wrap(entry.getValue().getBytes()),
                    entry.getModRevision()))
        .toList();
  }

  private ByteSequence keyBytes(String key) {
    return ByteSequence.from(keyPrefix + key, StandardCharsets.UTF_8);
  }

  private static ByteSequence bytes(Bytes value) {
    ByteString view = UnsafeByteOperations.unsafeWrap(value.asByteBuffer());
    return ByteSequence.from(view);
  }

  @Override
  public Watch watch(String prefix, Runnable listener) {
    EtcdWatch watch = new EtcdWatch(client, keyBytes(prefix), listener, watches::remove);
    watches.add(watch);
    watch.poll();
    return watch;
  }

  @Override
  public boolean isExclusive() {
    return false;
  }

  @Override
  public void close() {
    poller.shutdownNow();
    watches.forEach(EtcdWatch::close);
    client.close();
  }
}
