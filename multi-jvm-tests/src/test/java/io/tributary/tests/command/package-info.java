/** The command line against a real broker. */
@NullMarked
package io.tributary.tests.command;

import org.jspecify.annotations.NullMarked;
