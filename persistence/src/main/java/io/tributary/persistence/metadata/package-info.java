/** Small, strictly serializable keys and values: SQLite and etcd, one contract. */
@NullMarked
package io.tributary.persistence.metadata;

import org.jspecify.annotations.NullMarked;
