package io.tributary.node.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.tributary.node.cluster.ConfigEdits.Operation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * The log levels of this process as Kafka's broker-logger resource; changes end with the process.
 */
public final class BrokerLoggers {
  private static final String ROOT = "root";
  private static final Set<String> LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

  private final LoggerContext loggers;
  private final int brokerId;

  public BrokerLoggers(LoggerContext loggers, int brokerId) {
    this.loggers = loggers;
    this.brokerId = brokerId;
  }

  /** Every logger's level, by name. */
  Map<String, String> levels() {
    Map<String, String> levels = new TreeMap<>();
    for (Logger logger : loggers.getLoggerList()) {
      levels.put(kafkaName(logger), logger.getEffectiveLevel().toString());
    }
    return levels;
  }

  ApiError alter(String broker, List<Operation> operations, boolean validateOnly) {
    if (!broker.equals(Integer.toString(brokerId))) {
      return invalid("Unexpected broker id, expected " + brokerId + " but received " + broker);
    }
    for (Operation operation : operations) {
      ApiError refusal = refusal(operation);
      if (refusal.isFailure()) {
        return refusal;
      }
    }
    if (!validateOnly) {
      operations.forEach(this::apply);
    }
    return ApiError.NONE;
  }

  private ApiError refusal(Operation operation) {
    if (!levels().containsKey(operation.name())) {
      return new ApiError(Errors.INVALID_CONFIG, "Logger " + operation.name() + " does not exist!");
    }
    return switch (operation.type()) {
      case SET ->
          operation.value() != null && LEVELS.contains(operation.value())
              ? ApiError.NONE
              : new ApiError(
                  Errors.INVALID_CONFIG,
                  "Cannot set the log level of %s to %s as it is not a supported log level."
                      .formatted(operation.name(), operation.value()));
      case DELETE ->
          operation.name().equals(ROOT)
              ? invalid("Removing the log level of the " + ROOT + " logger is not allowed")
              : ApiError.NONE;
      case APPEND, SUBTRACT ->
          invalid(operation.type() + " operation is not allowed for the BROKER_LOGGER resource");
    };
  }

  private void apply(Operation operation) {
    Logger logger =
        loggers.getLogger(
            operation.name().equals(ROOT) ? Logger.ROOT_LOGGER_NAME : operation.name());
    logger.setLevel(operation.type() == OpType.SET ? Level.toLevel(operation.value()) : null);
  }

  private static String kafkaName(Logger logger) {
    return logger.getName().equals(Logger.ROOT_LOGGER_NAME) ? ROOT : logger.getName();
  }

  private static ApiError invalid(String message) {
    return new ApiError(Errors.INVALID_REQUEST, message);
  }
}
