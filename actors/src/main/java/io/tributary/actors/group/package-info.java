/** Consumer groups: Apache Kafka's group state machine, hosted by group shards. */
@NullMarked
package io.tributary.actors.group;

import org.jspecify.annotations.NullMarked;
