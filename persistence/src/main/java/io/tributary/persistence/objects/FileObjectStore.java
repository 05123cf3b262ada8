package io.tributary.persistence.objects;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tributary.persistence.Bytes;
import io.tributary.persistence.objects.FileTree.Cut;
import io.tributary.persistence.objects.FileTree.Extract;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Objects as files below one folder, which several processes may share. Blocking calls run on
 * virtual threads.
 *
 * <p>A put writes a <em>draft</em>, forces it, links it to its name (which fails when the name is
 * taken) and forces the folder. The folder is forced before {@code Occupied} too: that answer may
 * tell a caller of its own earlier attempt, which must outlive a power cut like a stored one.
 * Deletions are not forced: a deleted object that comes back is an orphan, which sweeps handle.
 */
public final class FileObjectStore implements ObjectStore {
  private static final Logger log = LoggerFactory.getLogger(FileObjectStore.class);

  /** Most calls at the disk at the same time. */
  private static final int CONCURRENT_MAX = 64;

  /** Most calls that wait for the disk; one more ends as unknown at once. */
  private static final int WAITING_MAX = 16_384;

  /** How often a put creates its folder again because a deletion removed it as empty. */
  private static final int LINK_ATTEMPTS_MAX = 4;

  /** A draft this old has no writer any more: it is left over from a process that ended. */
  private static final long DRAFT_AGE_MAX_MS = 60 * 60 * 1000;

  private static final int DURABLE_FOLDERS_MAX = 10_000;

  private final Path root;
  private final FileLayout layout;
  private final boolean fsync;
  private final FileTree tree;
  private final String draftPrefix = UUID.randomUUID() + "-";
  private final AtomicLong drafts = new AtomicLong();

  /** Folders of which the names of all folders above are known to outlive a power cut. */
  private final Cache<Path, Object> durableFolders =
      Caffeine.newBuilder().maximumSize(DURABLE_FOLDERS_MAX).build();

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("file-objects-", 0).factory());
  private final Semaphore disk = new Semaphore(CONCURRENT_MAX);
  private final AtomicInteger pending = new AtomicInteger();

  /**
   * @param fsync false trades what a power cut takes away for speed; a killed process loses nothing
   *     either way
   */
  public FileObjectStore(Path root, boolean fsync) {
    this(root, fsync, new DiskFileTree());
  }

  FileObjectStore(Path root, boolean fsync, FileTree tree) {
    this.root = root.toAbsolutePath().normalize();
    this.layout = new FileLayout(this.root);
    this.fsync = fsync;
    this.tree = tree;
    threads.execute(this::deleteLeftovers);
  }

  @Override
  public CompletionStage<PutOutcome> putIfAbsent(ObjectKey key, List<Bytes> parts) {
    try {
      ObjectRules.checkPut(parts);
    } catch (IllegalArgumentException mistake) {
      return CompletableFuture.failedFuture(mistake);
    }
    return onDisk(() -> put(key, parts), PutOutcome.Unknown::new);
  }

  private PutOutcome put(ObjectKey key, List<Bytes> parts) throws IOException {
    Path draft = layout.incoming().resolve(draftPrefix + drafts.incrementAndGet());
    try {
      writeDraft(draft, parts);
      boolean isNew = link(draft, key);
      if (fsync) {
        forceName(layout.folderOf(key));
      }
      return isNew ? new PutOutcome.Stored() : new PutOutcome.Occupied();
    } finally {
      deleteDraft(draft);
    }
  }

  private void writeDraft(Path draft, List<Bytes> parts) throws IOException {
    try {
      tree.write(draft, parts, fsync);
    } catch (NoSuchFileException _) {
      tree.createFolders(layout.incoming());
      tree.write(draft, parts, fsync);
    }
  }

  /** Returns whether the name was free. */
  private boolean link(Path draft, ObjectKey key) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        tree.link(draft, layout.fileOf(key));
        return true;
      } catch (FileAlreadyExistsException _) {
        return false;
      } catch (NoSuchFileException missing) {
        if (attempt == LINK_ATTEMPTS_MAX) {
          throw missing;
        }
        tree.createFolders(layout.folderOf(key));
      }
    }
  }

  private void forceName(Path folder) throws IOException {
    tree.forceFolder(folder);
    Object identity = tree.identity(folder);
    if (identity.equals(durableFolders.getIfPresent(folder))) {
      return;
    }
    for (Path above = folder.getParent(); above != null; above = above.getParent()) {
      try {
        tree.forceFolder(above);
      } catch (AccessDeniedException e) {
        if (above.startsWith(root)) {
          throw e;
        }
        // Above the root lie folders that whoever set the store up has made, and may keep closed.
        break;
      }
    }
    durableFolders.put(folder, identity);
  }

  private void deleteDraft(Path draft) {
    try {
      tree.delete(draft);
    } catch (IOException e) {
      log.atWarn().setCause(e).addKeyValue("file", draft).log("A draft could not be deleted");
    }
  }

  /** Drafts of processes that ended while they wrote. Others may write now, so only old ones go. */
  private void deleteLeftovers() {
    Path probe = layout.incoming().resolve(draftPrefix + "now");
    try {
      tree.createFolders(layout.incoming());
      // The file system's own clock, for it may lie on another machine.
      tree.write(probe, List.of(Bytes.wrap(new byte[] {0})), false);
      List<FileTree.Node> found = tree.list(layout.incoming());
      long nowMs =
          found.stream()
              .filter(node -> probe.endsWith(node.name()))
              .mapToLong(FileTree.Node::modifiedAtMs)
              .findFirst()
              .orElse(0);
      for (FileTree.Node node : found) {
        if (node.modifiedAtMs() < nowMs - DRAFT_AGE_MAX_MS) {
          tree.delete(layout.incoming().resolve(node.name()));
        }
      }
      tree.delete(probe);
    } catch (IOException e) {
      log.atWarn()
          .setCause(e)
          .addKeyValue("folder", root)
          .log("The folder of the object store cannot be used now");
    }
  }

  @Override
  public CompletionStage<GetOutcome> get(ObjectKey key) {
    return read(key, new Cut.Range(0, Integer.MAX_VALUE));
  }

  @Override
  public CompletionStage<GetOutcome> getRange(ObjectKey key, long from, int length) {
    return read(key, new Cut.Range(from, length));
  }

  @Override
  public CompletionStage<GetOutcome> getSuffix(ObjectKey key, int length) {
    return read(key, new Cut.Suffix(length));
  }

  private CompletionStage<GetOutcome> read(ObjectKey key, Cut cut) {
    try {
      switch (cut) {
        case Cut.Range(long from, int length) -> ObjectRules.checkRange(from, length);
        case Cut.Suffix(int length) -> ObjectRules.checkRange(0, length);
      }
    } catch (IllegalArgumentException mistake) {
      return CompletableFuture.failedFuture(mistake);
    }
    return onDisk(
        () -> {
          try {
            Extract extract = tree.read(layout.fileOf(key), cut);
            return new GetOutcome.Found(extract.bytes(), extract.fileBytes());
          } catch (NoSuchFileException _) {
            return new GetOutcome.Absent();
          }
        },
        GetOutcome.Unknown::new);
  }

  @Override
  public CompletionStage<ListOutcome> list(String prefix, Optional<ObjectKey> after) {
    return onDisk(
        () -> new FileListing(tree, layout, prefix, after.map(ObjectKey::value).orElse("")).page(),
        ListOutcome.Unknown::new);
  }

  @Override
  public CompletionStage<DeleteOutcome> delete(ObjectKey key) {
    return onDisk(
        () -> {
          if (tree.delete(layout.fileOf(key))) {
            deleteEmptyFolders(layout.folderOf(key));
          }
          return new DeleteOutcome.Deleted();
        },
        DeleteOutcome.Unknown::new);
  }

  private void deleteEmptyFolders(Path folder) throws IOException {
    try {
      Path empty = folder;
      while (empty != null && !empty.equals(root)) {
        tree.delete(empty);
        empty = empty.getParent();
      }
    } catch (DirectoryNotEmptyException _) {
      // Up to here all were empty.
    }
  }

  private <T> CompletionStage<T> onDisk(
      Callable<? extends T> call, Function<Throwable, ? extends T> unknown) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    if (pending.incrementAndGet() > WAITING_MAX) {
      pending.decrementAndGet();
      outcome.complete(
          unknown.apply(
              new RejectedExecutionException(WAITING_MAX + " calls wait for the disk already")));
      return outcome;
    }
    try {
      threads.execute(() -> outcome.complete(callNow(call, unknown)));
    } catch (RejectedExecutionException closed) {
      pending.decrementAndGet();
      outcome.complete(unknown.apply(closed));
    }
    return outcome;
  }

  private <T> T callNow(Callable<? extends T> call, Function<Throwable, ? extends T> unknown) {
    disk.acquireUninterruptibly();
    try {
      return call.call();
    } catch (Exception | OutOfMemoryError fault) {
      return unknown.apply(fault);
    } finally {
      disk.release();
      pending.decrementAndGet();
    }
  }

  /** Waits for the calls in flight. */
  @Override
  public void close() {
    threads.close();
  }
}
