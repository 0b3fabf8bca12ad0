package ee.lmstudio.upstreams;

import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.stream.Phase;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Holds the states of LM Studio's models for all streams that wait for a model. LM Studio is asked
 * on demand, by one thread at a time for all streams.
 */
public final class ModelStates {
  private static final Logger LOG = Logger.getLogger(ModelStates.class.getName());
  private static final Duration FRESH = Duration.ofSeconds(1);

  /**
   * If LM Studio does not report states, it is asked less often, because it logs two errors each
   * time.
   */
  private static final Duration IF_UNTOLD = Duration.ofSeconds(60);

  /** Holds LM Studio's answer, and the time until which it is valid. */
  private record Answer(Map<String, String> states, long until) {}

  private final SdkContract sdk;
  private final LongSupplier nanoTime;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Answer last;

  public ModelStates(SdkContract sdk, LongSupplier nanoTime) {
    this.sdk = sdk;
    this.nanoTime = nanoTime;
  }

  /**
   * Returns the phase of a request that LM Studio has received: loading the model, unless LM Studio
   * reports the model as loaded or reports no state. Empty until LM Studio has been asked. Does not
   * block.
   */
  public Optional<Phase> phaseOf(Optional<String> model) {
    Answer known = last;
    if (known == null || nanoTime.getAsLong() - known.until() >= 0) {
      ask();
    }
    if (known == null) {
      return Optional.empty();
    }
    String state = model.map(known.states()::get).orElse("loaded");
    return Optional.of(
        state == null || state.equals("loaded") ? Phase.PROCESSING_PROMPT : Phase.LOADING_MODEL);
  }

  private void ask() {
    if (asking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("lmstudio-model-states").start(this::askNow);
    }
  }

  private void askNow() {
    Map<String, String> states = new HashMap<>();
    try {
      for (ModelSummary model : sdk.listModels(ModelFilter.ALL).models()) {
        model.state().ifPresent(state -> states.put(model.id(), state));
      }
    } catch (LmStudioException unknown) {
      LOG.log(Level.FINE, "LM Studio's model states could not be read: {0}", unknown.getMessage());
    } finally {
      Duration fresh = states.isEmpty() ? IF_UNTOLD : FRESH;
      last = new Answer(Map.copyOf(states), nanoTime.getAsLong() + fresh.toNanos());
      asking.set(false);
    }
  }
}
