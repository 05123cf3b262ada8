/** The facts that are stored: pure values, no bytes, no I/O. */
@NullMarked
package io.tributary.persistence.model;

import org.jspecify.annotations.NullMarked;
