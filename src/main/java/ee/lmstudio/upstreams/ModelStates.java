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
 * Which models are loaded, as LM Studio says, for all streams that wait for one: asked when
 * somebody wants to know, by one thread at a time, whatever the number of streams.
 */
public final class ModelStates {
  private static final Logger LOG = Logger.getLogger(ModelStates.class.getName());
  private static final Duration FRESH = Duration.ofSeconds(1);

  /** An LM Studio that tells no states is not asked over and over: each time it logs two errors. */
  private static final Duration IF_UNTOLD = Duration.ofSeconds(60);

  /** What LM Studio said, and when to ask again. */
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
   * What LM Studio does for a request that it has: loads the model, unless it says that this is
   * loaded or says nothing. Empty until it was asked. Does not block.
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

  /** Whether LM Studio is being asked right now. */
  public boolean isAsking() {
    return asking.get();
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
      LOG.log(Level.FINE, "No model states: {0}", unknown.getMessage());
    } finally {
      Duration fresh = states.isEmpty() ? IF_UNTOLD : FRESH;
      last = new Answer(Map.copyOf(states), nanoTime.getAsLong() + fresh.toNanos());
      asking.set(false);
    }
  }
}
