package io.tributary.actors.partition.model;

/**
 * How long and how many idempotent producers a partition remembers.
 *
 * @param expirationMs a producer that appends nothing for this long is forgotten; Kafka's {@code
 *     producer.id.expiration.ms}
 * @param producersMax past this, the least recently used one is forgotten
 */
public record ProducerLimits(long expirationMs, int producersMax) {
  public static final ProducerLimits DEFAULT = new ProducerLimits(86_400_000, 10_000);

  public ProducerLimits {
    if (expirationMs < 1 || producersMax < 1) {
      throw new IllegalArgumentException(
          "expiration and number must be 1 or more, not " + expirationMs + ", " + producersMax);
    }
  }
}
