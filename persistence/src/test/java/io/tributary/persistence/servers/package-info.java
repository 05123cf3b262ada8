/** Real servers on loopback, started and ended by the tests that use them. */
@NullMarked
package io.tributary.persistence.servers;

import org.jspecify.annotations.NullMarked;
