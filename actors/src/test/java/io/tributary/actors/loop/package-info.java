/** Virtual time and seeded order for tests and the simulation. */
@NullMarked
package io.tributary.actors.loop;

import org.jspecify.annotations.NullMarked;
