/**
 * Reading over Kafka's protocol: fetches and their sessions, offsets, and what there is to say of a
 * partition's log.
 */
@NullMarked
package io.tributary.node.fetch;

import org.jspecify.annotations.NullMarked;
