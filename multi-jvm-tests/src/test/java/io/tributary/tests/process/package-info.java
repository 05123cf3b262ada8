/** Processes that tests start: brokers and other programs. */
@NullMarked
package io.tributary.tests.process;

import org.jspecify.annotations.NullMarked;
