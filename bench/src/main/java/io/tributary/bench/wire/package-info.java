/** What the network side alone costs. */
@NullMarked
package io.tributary.bench.wire;

import org.jspecify.annotations.NullMarked;
