package io.tributary.persistence.objects;

import io.tributary.persistence.Bytes;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A file system on the heap that knows what was forced. A power cut keeps that, and of each change
 * that was not forced either takes it or leaves it, as chance will have it: a file may end
 * anywhere, a name may be there or not.
 */
final class PowerCutFileTree implements FileTree {
  /** What a store might forget. */
  enum Ignored {
    NOTHING,
    FILE_FORCES,
    FOLDER_FORCES
  }

  private final Ignored ignored;
  private final Folder root = new Folder();
  private long operationsLeft = Long.MAX_VALUE;

  PowerCutFileTree(Ignored ignored) {
    this.ignored = ignored;
  }

  private sealed interface Inode permits File, Folder {}

  private static final class File implements Inode {
    private byte[] bytes;
    private boolean isForced;

    private File(byte[] bytes, boolean isForced) {
      this.bytes = bytes;
      this.isForced = isForced;
    }
  }

  private static final class Folder implements Inode {
    private Map<String, Inode> names = new HashMap<>();
    private Map<String, Inode> forcedNames = new HashMap<>();
  }

  /** Everything fails after {@code operations} more, until the power is back. */
  synchronized void failAfter(long operations) {
    operationsLeft = operations;
  }

  synchronized void cutPower(RandomGenerator chance) {
    operationsLeft = Long.MAX_VALUE;
    cut(root, chance);
  }

  private static void cut(Folder folder, RandomGenerator chance) {
    Map<String, Inode> after = new HashMap<>();
    Set<String> all = new TreeSet<>(folder.names.keySet());
    all.addAll(folder.forcedNames.keySet());
    for (String name : all) {
      Inode inode = (chance.nextBoolean() ? folder.names : folder.forcedNames).get(name);
      if (inode != null) {
        after.put(name, inode);
      }
    }
    folder.names = after;
    folder.forcedNames = new HashMap<>(after);
    for (Inode inode : after.values()) {
      switch (inode) {
        case Folder below -> cut(below, chance);
        case File file -> {
          if (!file.isForced) {
            byte[] rest = new byte[chance.nextInt(file.bytes.length + 1)];
            System.arraycopy(file.bytes, 0, rest, 0, rest.length);
            file.bytes = rest;
            file.isForced = true;
          }
        }
      }
    }
  }

  private void countOperation() throws IOException {
    if (operationsLeft == 0) {
      throw new IOException("the power is off");
    }
    operationsLeft--;
  }

  private @Nullable Inode find(Path path) {
    Inode inode = root;
    for (Path name : path) {
      inode = inode instanceof Folder folder ? folder.names.get(name.toString()) : null;
      if (inode == null) {
        return null;
      }
    }
    return inode;
  }

  private Folder folder(@Nullable Path path) throws IOException {
    if (path != null && find(path) instanceof Folder folder) {
      return folder;
    }
    throw new NoSuchFileException(String.valueOf(path));
  }

  private static String name(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  @Override
  public synchronized void write(Path file, List<Bytes> parts, boolean force) throws IOException {
    countOperation();
    Folder folder = folder(file.getParent());
    int sizeBytes = parts.stream().mapToInt(Bytes::length).sum();
    byte[] bytes = new byte[sizeBytes];
    int position = 0;
    for (Bytes part : parts) {
      part.copyTo(bytes, position);
      position += part.length();
    }
    if (folder.names.putIfAbsent(name(file), new File(bytes, false)) != null) {
      throw new FileAlreadyExistsException(file.toString());
    }
    // The power may go between writing and forcing.
    countOperation();
    if (force && ignored != Ignored.FILE_FORCES && find(file) instanceof File written) {
      written.isForced = true;
    }
  }

  @Override
  public synchronized void link(Path file, Path name) throws IOException {
    countOperation();
    Inode inode = find(file);
    if (inode == null) {
      throw new NoSuchFileException(file.toString());
    }
    if (folder(name.getParent()).names.putIfAbsent(name(name), inode) != null) {
      throw new FileAlreadyExistsException(name.toString());
    }
  }

  @Override
  public synchronized void forceFolder(Path folder) throws IOException {
    countOperation();
    Folder found = folder(folder);
    if (ignored != Ignored.FOLDER_FORCES) {
      found.forcedNames = new HashMap<>(found.names);
    }
  }

  @Override
  public synchronized void createFolders(Path folder) throws IOException {
    countOperation();
    Folder above = root;
    for (Path name : folder) {
      Inode inode = above.names.computeIfAbsent(name.toString(), _ -> new Folder());
      if (!(inode instanceof Folder next)) {
        throw new FileAlreadyExistsException(folder.toString());
      }
      above = next;
    }
  }

  @Override
  public synchronized boolean delete(Path path) throws IOException {
    countOperation();
    if (find(path) instanceof Folder folder && !folder.names.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    return find(path) != null && folder(path.getParent()).names.remove(name(path)) != null;
  }

  @Override
  public synchronized Object identity(Path folder) throws IOException {
    countOperation();
    return folder(folder);
  }

  @Override
  public synchronized List<Node> list(Path folder) throws IOException {
    countOperation();
    List<Node> nodes = new ArrayList<>();
    if (find(folder) instanceof Folder found) {
      found.names.forEach(
          (name, inode) ->
              nodes.add(
                  switch (inode) {
                    case Folder _ -> new Node(name, true, 0, 0);
                    case File file -> new Node(name, false, file.bytes.length, 0);
                  }));
    }
    return nodes;
  }

  @Override
  public synchronized Extract read(Path file, Cut cut) throws IOException {
    countOperation();
    if (!(find(file) instanceof File found)) {
      throw new NoSuchFileException(file.toString());
    }
    long size = found.bytes.length;
    return new Extract(Bytes.wrap(found.bytes).slice((int) cut.start(size), cut.count(size)), size);
  }
}
