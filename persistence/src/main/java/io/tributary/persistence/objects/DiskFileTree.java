package io.tributary.persistence.objects;

import io.tributary.persistence.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The real file system. Bytes pass through a few staging buffers outside the heap, kept here: for
 * heap buffers the JDK would allocate one of the size of the whole write for each thread that ever
 * writes, and keep it.
 */
final class DiskFileTree implements FileTree {
  private static final int STAGING_BYTES = 256 * 1024;
  private static final int STAGING_BUFFERS_MAX = 32;

  private final BlockingQueue<ByteBuffer> staging = new ArrayBlockingQueue<>(STAGING_BUFFERS_MAX);

  @Override
  public void write(Path file, List<Bytes> parts, boolean force) throws IOException {
    ByteBuffer buffer = takeBuffer();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (Bytes part : parts) {
        ByteBuffer rest = part.asByteBuffer();
        while (rest.hasRemaining()) {
          if (!buffer.hasRemaining()) {
            drain(buffer, channel);
          }
          int count = Math.min(rest.remaining(), buffer.remaining());
          buffer.put(buffer.position(), rest, rest.position(), count);
          buffer.position(buffer.position() + count);
          rest.position(rest.position() + count);
        }
      }
      drain(buffer, channel);
      if (force) {
        channel.force(false);
      }
    } finally {
      giveBack(buffer);
    }
  }

  private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public Extract read(Path file, Cut cut) throws IOException {
    ByteBuffer buffer = takeBuffer();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long fileBytes = channel.size();
      long start = cut.start(fileBytes);
      byte[] bytes = new byte[cut.count(fileBytes)];
      int filled = 0;
      while (filled < bytes.length) {
        buffer.clear().limit(Math.min(buffer.capacity(), bytes.length - filled));
        int count = channel.read(buffer, start + filled);
        if (count < 0) {
          throw new EOFException(file + " ends before its size");
        }
        buffer.flip().get(bytes, filled, count);
        filled += count;
      }
      return new Extract(Bytes.wrap(bytes), fileBytes);
    } finally {
      giveBack(buffer);
    }
  }

  private ByteBuffer takeBuffer() {
    ByteBuffer free = staging.poll();
    return free == null ? ByteBuffer.allocateDirect(STAGING_BYTES) : free.clear();
  }

  private void giveBack(ByteBuffer buffer) {
    // When as many are kept already, this one is left to the garbage collector.
    boolean _ = staging.offer(buffer);
  }

  @Override
  public void link(Path file, Path name) throws IOException {
    Files.createLink(name, file);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void createFolders(Path folder) throws IOException {
    Files.createDirectories(folder);
  }

  @Override
  public boolean delete(Path path) throws IOException {
    return Files.deleteIfExists(path);
  }

  @Override
  public Object identity(Path folder) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(folder, BasicFileAttributes.class);
    // The number of a deleted folder is used again; its time of creation is not.
    return List.of(String.valueOf(attributes.fileKey()), attributes.creationTime());
  }

  @Override
  public List<Node> list(Path folder) throws IOException {
    List<Node> nodes = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path child : children) {
        try {
          BasicFileAttributes attributes = Files.readAttributes(child, BasicFileAttributes.class);
          boolean isFolder = attributes.isDirectory();
          nodes.add(
              new Node(
                  child.getFileName().toString(),
                  isFolder,
                  isFolder ? 0 : attributes.size(),
                  attributes.lastModifiedTime().toMillis()));
        } catch (NoSuchFileException _) {
          // Deleted while we looked.
        }
      }
    } catch (NoSuchFileException _) {
      return List.of();
    }
    return nodes;
  }
}
