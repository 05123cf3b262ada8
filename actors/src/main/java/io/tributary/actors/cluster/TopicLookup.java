package io.tributary.actors.cluster;

import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Tells whether a topic exists. A topic of the current image is found at once; absence is only said
 * after a linearizable read of the metadata store. Callable from any thread.
 */
public interface TopicLookup {
  CompletionStage<LookupOutcome> lookup(String name);

  CompletionStage<LookupOutcome> lookup(UUID id);

  sealed interface LookupOutcome {
    record Found(TopicImage topic) implements LookupOutcome {}

    /** It did not exist at the time of the call, or is being deleted. */
    record Absent() implements LookupOutcome {}

    /** The metadata store gave no answer in time: clients must retry. */
    record Unknown(Throwable cause) implements LookupOutcome {}
  }
}
