package io.tributary.wire;

/** What every connection of a server goes by when it handles requests. */
record ServerRules(int inFlightMax, WireMetrics metrics, Refusals refusals) {}
