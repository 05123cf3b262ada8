/** The bytes of intake objects, journal records and checkpoints; see docs/formats.md. */
@NullMarked
package io.tributary.persistence.format;

import org.jspecify.annotations.NullMarked;
