/** HTTP management: health and metrics. */
@NullMarked
package io.tributary.node.http;

import org.jspecify.annotations.NullMarked;
