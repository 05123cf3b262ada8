package io.tributary.persistence.objects;

import io.tributary.persistence.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@link FileObjectStore} asks of a file system. The seam where a test drops all that was not
 * forced, as a power cut does. Every method blocks.
 */
interface FileTree {
  /**
   * Writes a new file.
   *
   * @param force whether the file's bytes outlive a power cut once this returns
   * @throws java.nio.file.FileAlreadyExistsException there is such a file
   * @throws java.nio.file.NoSuchFileException there is no such folder
   */
  void write(Path file, List<Bytes> parts, boolean force) throws IOException;

  /**
   * Gives {@code file} a second name.
   *
   * @throws java.nio.file.FileAlreadyExistsException the name is taken; nothing changed
   * @throws java.nio.file.NoSuchFileException the file, or the folder of the name, is not there
   */
  void link(Path file, Path name) throws IOException;

  /** Makes what stands in {@code folder} (names, not bytes) outlive a power cut. */
  void forceFolder(Path folder) throws IOException;

  /** Creates {@code folder} and the folders above it, as far as they are missing. */
  void createFolders(Path folder) throws IOException;

  /**
   * Deletes a file, or a folder that is empty.
   *
   * @return whether it was there
   */
  boolean delete(Path path) throws IOException;

  /**
   * Equal for two calls only if it is the same folder: not one that was deleted and created again.
   *
   * @throws java.nio.file.NoSuchFileException there is no such folder
   */
  Object identity(Path folder) throws IOException;

  /** What stands in {@code folder}, in no order; empty when there is no such folder. */
  List<Node> list(Path folder) throws IOException;

  /**
   * Bytes of a file.
   *
   * @throws java.nio.file.NoSuchFileException there is no such file
   */
  Extract read(Path file, Cut cut) throws IOException;

  /**
   * @param sizeBytes 0 for a folder
   */
  record Node(String name, boolean isFolder, long sizeBytes, long modifiedAtMs) {}

  record Extract(Bytes bytes, long fileBytes) {}

  /** Which part of a file. */
  sealed interface Cut {
    record Range(long from, int length) implements Cut {}

    record Suffix(int length) implements Cut {}

    /** The first byte of the part, in a file of {@code fileBytes}. */
    default long start(long fileBytes) {
      return switch (this) {
        case Range(long from, int _) -> Math.min(from, fileBytes);
        case Suffix(int length) -> Math.max(0, fileBytes - length);
      };
    }

    /** How many bytes the part has, in a file of {@code fileBytes}. */
    default int count(long fileBytes) {
      long rest = fileBytes - start(fileBytes);
      return switch (this) {
        case Range(long _, int length) -> (int) Math.min(rest, length);
        case Suffix _ -> Math.toIntExact(rest);
      };
    }
  }
}
