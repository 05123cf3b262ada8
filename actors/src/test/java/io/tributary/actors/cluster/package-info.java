/** Tests of what every node knows of the cluster. */
@NullMarked
package io.tributary.actors.cluster;

import org.jspecify.annotations.NullMarked;
