package io.tributary.actors.intake;

/**
 * What an intake is doing, for metrics.
 *
 * @param gatheredBytes copied and not yet sealed
 * @param uploads in flight
 * @param flushes objects sealed since the start
 * @param uploadRetries since the start
 * @param undecidedAnswers shards' parts of objects whose callers were answered before a decision
 */
public record IntakeStatistics(
    long gatheredBytes, int uploads, long flushes, long uploadRetries, long undecidedAnswers) {
  static final IntakeStatistics NONE = new IntakeStatistics(0, 0, 0, 0, 0);
}
