/** Clients people use, each against one real broker. */
@NullMarked
package io.tributary.tests.clients;

import org.jspecify.annotations.NullMarked;
