/**
 * The deterministic simulation: nodes of production classes over faulty stores and a faulty network
 * in virtual time, held to the invariants of the design. A seed is a whole history.
 */
@NullMarked
package io.tributary.actors.simulation;

import org.jspecify.annotations.NullMarked;
