/** What every node knows of the cluster: topics, configs, members; and how a node joins. */
@NullMarked
package io.tributary.actors.cluster;

import org.jspecify.annotations.NullMarked;
