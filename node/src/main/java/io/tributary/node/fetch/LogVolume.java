package io.tributary.node.fetch;

/**
 * Where the log is, in the words in which Kafka speaks of a log directory.
 *
 * @param name names the object store to people
 * @param totalBytes of the volume; {@value #UNKNOWN} for a store without an end
 * @param usableBytes of the volume; {@value #UNKNOWN} for a store without an end
 */
public record LogVolume(String name, long totalBytes, long usableBytes) {
  /** Kafka's word for not known. */
  public static final long UNKNOWN = -1;
}
