/** The command line: serve, and the commands that talk to a running cluster. */
@NullMarked
package io.tributary.node.command;

import org.jspecify.annotations.NullMarked;
