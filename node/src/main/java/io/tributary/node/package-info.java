/** The composition root: settings, one handler a Kafka API, HTTP, the command line. */
@NullMarked
package io.tributary.node;

import org.jspecify.annotations.NullMarked;
