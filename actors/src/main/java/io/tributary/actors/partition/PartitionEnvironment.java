package io.tributary.actors.partition;

import io.tributary.actors.partition.model.ProducerLimits;
import io.tributary.persistence.cache.FooterCache;
import io.tributary.persistence.cache.PageReader;
import io.tributary.persistence.objects.ObjectStore;

/** What the partition shards of a node share. */
public record PartitionEnvironment(
    ObjectStore objects, FooterCache footers, PageReader pages, ProducerLimits limits) {}
