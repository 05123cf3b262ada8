package io.tributary.persistence.cache;

import io.tributary.persistence.model.IndexEntry;
import java.util.List;

/** What became of looking into a partition's index pages. */
public sealed interface PageOutcome {
  /**
   * @param entries a stretch of the index, in offset order, that holds what was looked for; empty
   *     when the pages do not hold it
   */
  record Entries(List<IndexEntry> entries) implements PageOutcome {
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /** The page could not be had or is damaged: a fresh snapshot may name others. */
  record Unavailable(Throwable cause) implements PageOutcome {}
}
