/**
 * The Kafka protocol over Netty: frames, the request table, ordered answers, memory, zero-copy
 * records.
 */
@NullMarked
package io.tributary.wire;

import org.jspecify.annotations.NullMarked;
