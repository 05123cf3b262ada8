package io.tributary.wire;

/**
 * The bound a request's frame draws on. There are two, so that metadata and heartbeats never wait
 * behind produces that fill theirs.
 */
public enum MemoryClass {
  RECORDS,
  SMALL
}
