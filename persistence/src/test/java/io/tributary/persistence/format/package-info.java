/** What is written is read; what is damaged is not. */
@NullMarked
package io.tributary.persistence.format;

import org.jspecify.annotations.NullMarked;
