package io.tributary.persistence.objects;

import io.tributary.persistence.objects.FileLayout.Place;
import io.tributary.persistence.objects.ObjectStore.Entry;
import io.tributary.persistence.objects.ObjectStore.ListOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * One page of a listing in key order. Always goes on at the smallest text: a file there is the next
 * key; a folder is opened, and everything in it begins with that text, so nothing before it is
 * missed and nothing behind the page is opened.
 */
final class FileListing {
  private final FileTree tree;
  private final FileLayout layout;
  private final String prefix;
  private final String after;
  private final PriorityQueue<Found> front =
      new PriorityQueue<>(Comparator.comparing(found -> found.place.text()));

  /**
   * @param after only keys behind it; empty for all
   */
  FileListing(FileTree tree, FileLayout layout, String prefix, String after) {
    this.tree = tree;
    this.layout = layout;
    this.prefix = prefix;
    this.after = after;
    front.add(new Found(layout.rootPlace(), new FileTree.Node("", true, 0, 0)));
  }

  private record Found(Place place, FileTree.Node node) {}

  ListOutcome page() throws IOException {
    List<Entry> page = new ArrayList<>();
    for (Found next = front.poll(); next != null; next = front.poll()) {
      if (next.place.isFolder()) {
        open(next.place);
      } else if (page.size() == ObjectStore.LIST_PAGE_MAX) {
        return new ListOutcome.Listed(List.copyOf(page), true);
      } else {
        page.add(
            new Entry(
                new ObjectKey(next.place.text()), next.node.sizeBytes(), next.node.modifiedAtMs()));
      }
    }
    return new ListOutcome.Listed(List.copyOf(page), false);
  }

  private void open(Place folder) throws IOException {
    for (FileTree.Node node : tree.list(folder.path())) {
      Place place = folder.child(node);
      if (isWanted(place) && layout.isOurs(place)) {
        front.add(new Found(place, node));
      }
    }
  }

  private boolean isWanted(Place place) {
    String text = place.text();
    if (!place.isFolder()) {
      return text.startsWith(prefix) && text.compareTo(after) > 0;
    }
    return (text.startsWith(prefix) || prefix.startsWith(text))
        && (text.compareTo(after) > 0 || after.startsWith(text));
  }
}
