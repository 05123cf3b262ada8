package io.tributary.persistence.objects;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where the object of a key lies below the store's root. The key's parts are folders; its last part
 * stands below one or two <em>group</em> folders, which are named after it without its last three
 * (six) characters:
 *
 * <pre>{@code
 * intake/7/00000000000012345678  →  intake/7/~00000000000012/~00000000000012345/00000000000012345678
 * }</pre>
 *
 * So objects that are numbered in decimal or hexadecimal digits never put more than a few thousand
 * names into one folder, and a folder holds just the keys that begin with its text, so that a
 * listing in key order opens only the folders of its page. Neither {@code ~} nor {@code +} can
 * stand in a key, so folders of parts, groups and drafts are told apart by their names.
 */
final class FileLayout {
  /** The folder of files that are being written. */
  static final String INCOMING = "+incoming";

  private static final String GROUP = "~";
  private static final int GROUP_CHARACTERS = 3;
  private static final Pattern NAME = Pattern.compile("~?[A-Za-z0-9._-]*");

  private final Path root;

  FileLayout(Path root) {
    this.root = root;
  }

  Path incoming() {
    return root.resolve(INCOMING);
  }

  Path fileOf(ObjectKey key) {
    return folderOf(key).resolve(nameOf(key));
  }

  Path folderOf(ObjectKey key) {
    String name = nameOf(key);
    String parts = key.value().substring(0, key.value().length() - name.length());
    Path folder = root.resolve(parts);
    if (name.length() > 2 * GROUP_CHARACTERS) {
      folder = folder.resolve(group(name, 2 * GROUP_CHARACTERS));
    }
    return folder.resolve(group(name, GROUP_CHARACTERS));
  }

  private static String nameOf(ObjectKey key) {
    return key.value().substring(key.value().lastIndexOf('/') + 1);
  }

  private static String group(String name, int without) {
    return GROUP + name.substring(0, Math.max(0, name.length() - without));
  }

  Place rootPlace() {
    return new Place(root, "", "", true);
  }

  /** Whether the store put it there; a file system may have names of its own in a folder. */
  boolean isOurs(Place place) {
    return NAME.matcher(place.path().getFileName().toString()).matches()
        && (place.isFolder() || place.path().equals(fileOf(new ObjectKey(place.text()))));
  }

  /**
   * Something a listing meets.
   *
   * @param base the text of the folders of parts above it, ending in "/" unless empty
   * @param text the key, or for a folder what all keys in it begin with
   */
  record Place(Path path, String base, String text, boolean isFolder) {
    Place child(FileTree.Node node) {
      Path childPath = path.resolve(node.name());
      if (!node.isFolder()) {
        return new Place(childPath, base, base + node.name(), false);
      }
      if (node.name().startsWith(GROUP)) {
        return new Place(childPath, base, base + node.name().substring(GROUP.length()), true);
      }
      String part = base + node.name() + "/";
      return new Place(childPath, part, part, true);
    }
  }
}
