package io.tributary.actors.cluster;

import java.util.Map;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a client wants changed of one resource's configs. Pure: it may be applied more than once,
 * each time to what is stored then.
 */
@FunctionalInterface
public interface ConfigEdit {
  Result apply(Map<String, String> stored);

  sealed interface Result {
    /**
     * The edit is allowed.
     *
     * @param configs all of the resource's configs after the edit
     */
    record Accepted(Map<String, String> configs) implements Result {
      public Accepted {
        configs = Map.copyOf(configs);
      }
    }

    record Refused(Errors error, String message) implements Result {}
  }
}
