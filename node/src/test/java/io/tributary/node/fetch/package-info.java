/** Tests of the handlers that read. */
@NullMarked
package io.tributary.node.fetch;

import org.jspecify.annotations.NullMarked;
