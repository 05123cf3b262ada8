/**
 * Producing: what a batch must be to enter the log, the order of a connection's requests, and
 * producer ids. Start at {@link io.tributary.node.produce.ProduceHandler}.
 */
@NullMarked
package io.tributary.node.produce;

import org.jspecify.annotations.NullMarked;
