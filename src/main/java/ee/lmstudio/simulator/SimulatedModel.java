package ee.lmstudio.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A model that is there, or seems to be.
 *
 * @param id what requests name
 * @param kind what it can do
 * @param loadTime how long the first request waits until it is loaded; zero: loaded from the start
 * @param contextLength tokens that prompt and answer may have together
 */
public record SimulatedModel(String id, Kind kind, Duration loadTime, int contextLength) {

  /** What a model can do. */
  public enum Kind {
    /** Chat and completion. */
    CHAT,
    /** The same, and it thinks first. */
    REASONING,
    /** Embeddings only. */
    EMBEDDING
  }

  /**
   * {@code sim-chat}, loaded; {@code sim-reasoner}, 1.5 s to load; {@code sim-slow}, 8 s to load;
   * {@code text-embedding-sim}, 0.5 s to load.
   */
  public static final List<SimulatedModel> DEFAULTS =
      List.of(
          new SimulatedModel("sim-chat", Kind.CHAT, Duration.ZERO, 8192),
          new SimulatedModel("sim-reasoner", Kind.REASONING, Duration.ofMillis(1500), 16384),
          new SimulatedModel("sim-slow", Kind.CHAT, Duration.ofSeconds(8), 4096),
          new SimulatedModel("text-embedding-sim", Kind.EMBEDDING, Duration.ofMillis(500), 2048));

  public SimulatedModel {
    if (Objects.requireNonNull(id, "id").isBlank()) {
      throw new IllegalArgumentException("A model needs an id");
    }
    Objects.requireNonNull(kind, "kind");
    if (Objects.requireNonNull(loadTime, "loadTime").isNegative()) {
      throw new IllegalArgumentException("loadTime is " + loadTime + ", allowed is zero or more");
    }
    if (contextLength < 1) {
      throw new IllegalArgumentException(
          "contextLength is " + contextLength + ", allowed is 1 or more");
    }
  }

  boolean writes() {
    return kind != Kind.EMBEDDING;
  }
}
