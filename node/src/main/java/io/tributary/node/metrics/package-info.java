/** What the node counts, for Prometheus. */
@NullMarked
package io.tributary.node.metrics;

import org.jspecify.annotations.NullMarked;
