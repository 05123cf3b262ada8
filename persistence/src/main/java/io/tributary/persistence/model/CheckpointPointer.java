package io.tributary.persistence.model;

/**
 * Where a shard's newest checkpoint is: the value of its {@code checkpoint} key.
 *
 * @param object key of the root object
 * @param journalNumber the last journal number whose records the root covers; recovery ignores
 *     those at or below it
 * @param lengthBytes of the root object
 * @param crc CRC-32C of the root object, unsigned
 */
public record CheckpointPointer(String object, long journalNumber, int lengthBytes, long crc) {}
