package io.tributary.persistence.format;

import io.tributary.persistence.model.ShardId;

/** The metadata store's keys of one shard. */
public record ShardKeys(ShardId shard) {
  private static final int NUMBER_DIGITS = 19;

  /** What every key of the shard begins with. */
  public String prefix() {
    return "shard/" + shard + "/";
  }

  public String owner() {
    return prefix() + "owner";
  }

  public String checkpoint() {
    return prefix() + "checkpoint";
  }

  public String journalPrefix() {
    return prefix() + "journal/";
  }

  /** Keys ascend with {@code number}. */
  public String journal(long number) {
    String digits = Long.toString(number);
    return journalPrefix() + "0".repeat(NUMBER_DIGITS - digits.length()) + digits;
  }

  /**
   * @param key one of {@link #journal}
   */
  public long journalNumber(String key) {
    return Long.parseLong(key.substring(journalPrefix().length()));
  }
}
