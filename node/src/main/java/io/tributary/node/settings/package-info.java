/** Settings as records: read, checked and documented in one place. */
@NullMarked
package io.tributary.node.settings;

import org.jspecify.annotations.NullMarked;
