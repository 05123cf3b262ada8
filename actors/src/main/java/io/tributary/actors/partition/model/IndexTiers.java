package io.tributary.actors.partition.model;

import io.tributary.persistence.model.IndexRun;
import java.util.List;

/**
 * Keeps the runs of a partition's index few while each checkpoint writes little. New entries become
 * a run; {@value #MERGE_RUNS} runs of a size are merged into one of the next size, until a run has
 * {@value #LEAF_ENTRIES} entries: such a leaf is never written again. Leaves, when many, go below a
 * run of the next level. So a partition has a bounded number of runs at each of a few levels, and
 * an entry is written a few times in its life.
 */
public final class IndexTiers {
  public static final int LEAF_ENTRIES = 512;
  public static final int MERGE_RUNS = 8;

  /** Full runs of a level, past which the older half goes below a run of the next level. */
  public static final int LEVEL_RUNS_MAX = 64;

  private IndexTiers() {}

  /**
   * How many of the last runs are to be merged with the entries that no run holds yet.
   *
   * @param runs the partition's, in offset order
   */
  public static int runsToMerge(List<IndexRun> runs, int newEntries) {
    int open = 0;
    while (open < runs.size() && isOpen(runs.get(runs.size() - 1 - open))) {
      open++;
    }
    int merged = 0;
    long entries = newEntries;
    while (entries < LEAF_ENTRIES) {
      int tier = tier(entries);
      int alike = 0;
      long alikeEntries = 0;
      while (merged + alike < open) {
        int count = runs.get(runs.size() - 1 - merged - alike).count();
        if (tier(count) > tier) {
          break;
        }
        alike++;
        alikeEntries += count;
      }
      if (alike + 1 < MERGE_RUNS) {
        return merged;
      }
      merged += alike;
      entries += alikeEntries;
    }
    return open;
  }

  /**
   * The first of {@link #LEVEL_RUNS_MAX}{@code / 2} neighbours that are to go below one run of the
   * next level; −1 when there are not too many of any level.
   */
  public static int firstToFold(List<IndexRun> runs) {
    int first = 0;
    while (first < runs.size()) {
      int level = runs.get(first).level();
      int end = first;
      while (end < runs.size() && runs.get(end).level() == level && !isOpen(runs.get(end))) {
        end++;
      }
      if (end - first > LEVEL_RUNS_MAX) {
        return first;
      }
      first = Math.max(end, first + 1);
    }
    return -1;
  }

  private static boolean isOpen(IndexRun run) {
    return run.level() == 0 && run.count() < LEAF_ENTRIES;
  }

  private static int tier(long entries) {
    int tier = 0;
    for (long size = MERGE_RUNS; size <= entries; size *= MERGE_RUNS) {
      tier++;
    }
    return tier;
  }
}
