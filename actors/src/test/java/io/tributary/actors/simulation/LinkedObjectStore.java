package io.tributary.actors.simulation;

import io.tributary.persistence.Bytes;
import io.tributary.persistence.objects.ObjectKey;
import io.tributary.persistence.objects.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** The object store as one process sees it. */
final class LinkedObjectStore implements ObjectStore {
  private static final IllegalStateException NO_ANSWER = new IllegalStateException("no answer");
  private static final GetOutcome NOT_READ = new GetOutcome.Unknown(NO_ANSWER);

  private static final Pattern PAGE = Pattern.compile("checkpoint/partitions/.*-.*");

  private final SharedStores stores;
  private final StoreLink link;
  private final Faults faults;

  LinkedObjectStore(SharedStores stores, StoreLink link, Faults faults) {
    this.stores = stores;
    this.link = link;
    this.faults = faults;
  }

  /** Whether this is the name of an index page. */
  static boolean isPage(ObjectKey key) {
    return PAGE.matcher(key.value()).matches();
  }

  @Override
  public CompletionStage<PutOutcome> putIfAbsent(ObjectKey key, List<Bytes> parts) {
    return link.change(() -> stores.put(key, parts), () -> new PutOutcome.Unknown(NO_ANSWER));
  }

  @Override
  public CompletionStage<GetOutcome> get(ObjectKey key) {
    return link.read(() -> stores.read(objects -> objects.get(key)), () -> NOT_READ);
  }

  @Override
  public CompletionStage<GetOutcome> getRange(ObjectKey key, long from, int length) {
    if (isPage(key)) {
      faults.hit(Fault.PAGES_READ);
    }
    return link.read(
        () -> stores.read(objects -> objects.getRange(key, from, length)), () -> NOT_READ);
  }

  @Override
  public CompletionStage<GetOutcome> getSuffix(ObjectKey key, int length) {
    return link.read(() -> stores.read(objects -> objects.getSuffix(key, length)), () -> NOT_READ);
  }

  @Override
  public CompletionStage<ListOutcome> list(String prefix, Optional<ObjectKey> after) {
    throw new UnsupportedOperationException("nothing in the simulation lists");
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(ObjectKey key) {
    throw new UnsupportedOperationException("nothing in the simulation deletes");
  }

  @Override
  public void close() {}
}
