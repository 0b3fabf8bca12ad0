package ee.lmstudio.telemetry;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of models that metrics may have as labels. A monitoring system keeps a time series for
 * each value of a label, and callers can send any name. So only models that have answered get a
 * label of their own, and only the first {@value #MOST} of them. For any thread.
 */
@ApplicationScoped
public class ModelNames {
  /** How many names there are at most. */
  static final int MOST = 32;

  /** The longest name that becomes a label. */
  static final int LONGEST = 200;

  /** The label of all other models. */
  static final String OTHER = "other";

  /** The label of calls that name no model. */
  static final String NONE = "none";

  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /** Notes that this model has answered. */
  void answered(String model) {
    if (model.length() > LONGEST || known.contains(model)) {
      return;
    }
    synchronized (this) {
      if (known.size() < MOST) {
        known.add(model);
      }
    }
  }

  /** Returns the label of a model. */
  String labelOf(Optional<String> model) {
    return model.map(name -> known.contains(name) ? name : OTHER).orElse(NONE);
  }
}
