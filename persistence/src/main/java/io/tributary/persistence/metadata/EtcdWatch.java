package io.tributary.persistence.metadata;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.Watch.Listener;
import io.etcd.jetcd.Watch.Watcher;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.GetOption.SortOrder;
import io.etcd.jetcd.options.GetOption.SortTarget;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchResponse;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes under one prefix: etcd's stream tells of them at once; what the stream loses (a compacted
 * revision, a half-open connection) the poll finds. Both only say that something changed.
 */
final class EtcdWatch implements MetadataStore.Watch, Listener {
  private static final Logger log = LoggerFactory.getLogger(EtcdWatch.class);

  private final Client client;
  private final ByteSequence prefix;
  private final Runnable listener;
  private final Consumer<EtcdWatch> onClose;
  private @Nullable Watcher stream;
  private @Nullable Fingerprint last;
  private boolean closed;

  EtcdWatch(Client client, ByteSequence prefix, Runnable listener, Consumer<EtcdWatch> onClose) {
    this.client = client;
    this.prefix = prefix;
    this.listener = listener;
    this.onClose = onClose;
  }

  /** Two states of the keys that have the same fingerprint are the same state. */
  private record Fingerprint(long keys, long lastWrittenAt) {
    static Fingerprint of(GetResponse response) {
      return new Fingerprint(
          response.getCount(),
          response.getKvs().isEmpty() ? 0 : response.getKvs().getFirst().getModRevision());
    }
  }

  /** Opens the stream if there is none, and looks whether anything changed. */
  void poll() {
    openStream();
    GetOption newest =
        GetOption.builder()
            .isPrefix(true)
            .withKeysOnly(true)
            .withSortField(SortTarget.MOD)
            .withSortOrder(SortOrder.DESCEND)
            .withLimit(1)
            .build();
    try {
      Future<?> _ =
          client
              .getKVClient()
              .get(prefix, newest)
              .whenComplete(
                  (response, failure) -> {
                    if (failure == null) {
                      onFingerprint(Fingerprint.of(response));
                    }
                  });
    } catch (RuntimeException e) {
      log.atDebug().setCause(e).log("A poll found the client closed");
    }
  }

  private void onFingerprint(Fingerprint found) {
    boolean isChanged;
    synchronized (this) {
      isChanged = !found.equals(last);
      last = found;
    }
    if (isChanged) {
      tell();
    }
  }

  private synchronized void openStream() {
    if (stream != null || closed) {
      return;
    }
    try {
      stream =
          client.getWatchClient().watch(prefix, WatchOption.builder().isPrefix(true).build(), this);
    } catch (RuntimeException e) {
      log.atDebug().setCause(e).log("A watch found the client closed");
    }
  }

  @Override
  public void onNext(WatchResponse response) {
    if (!response.getEvents().isEmpty()) {
      tell();
    }
  }

  /** The next poll opens another stream. */
  @Override
  public void onError(Throwable cause) {
    log.atInfo().setCause(cause).log("A watch ended; it is opened again");
    dropStream();
  }

  @Override
  public void onCompleted() {
    dropStream();
  }

  private void tell() {
    synchronized (this) {
      if (closed) {
        return;
      }
    }
    try {
      listener.run();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("A watcher failed");
    }
  }

  private void dropStream() {
    Watcher ended;
    synchronized (this) {
      ended = stream;
      stream = null;
    }
    if (ended != null) {
      ended.close();
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    onClose.accept(this);
    dropStream();
  }
}
