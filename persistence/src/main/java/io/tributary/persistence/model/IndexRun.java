package io.tributary.persistence.model;

/**
 * A stretch of one partition's index, standing in a page. At level 0 it holds {@link IndexEntry}s,
 * above it holds runs of the level below.
 *
 * @param position of its first byte inside the page
 * @param lengthBytes what it takes there
 * @param count entries or runs that it holds directly
 * @param dataBytes what all slices below it take in their objects
 * @param maxTimestampMs largest below it; -1 when none
 */
public record IndexRun(
    PageId page,
    int position,
    int lengthBytes,
    int level,
    int count,
    long baseOffset,
    long nextOffset,
    long dataBytes,
    long maxTimestampMs) {}
