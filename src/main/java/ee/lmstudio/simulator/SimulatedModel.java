package ee.lmstudio.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A model that the simulator offers.
 *
 * @param id the id by which requests name the model
 * @param kind the capabilities of the model
 * @param loadTime how long the model takes to load on its first request; zero: it is loaded at the
 *     start
 * @param contextLength the maximum number of tokens of prompt and answer together
 */
public record SimulatedModel(String id, Kind kind, Duration loadTime, int contextLength) {

  /** The capabilities of a model. */
  public enum Kind {
    /** Chats and completions. */
    CHAT,
    /** Chats and completions, with reasoning before the text. */
    REASONING,
    /** Embeddings only. */
    EMBEDDING
  }

  /**
   * The default models: {@code sim-chat}, loaded; {@code sim-reasoner}, 1.5 s to load; {@code
   * sim-slow}, 8 s to load; {@code text-embedding-sim}, 0.5 s to load.
   */
  public static final List<SimulatedModel> DEFAULTS =
      List.of(
          new SimulatedModel("sim-chat", Kind.CHAT, Duration.ZERO, 8192),
          new SimulatedModel("sim-reasoner", Kind.REASONING, Duration.ofMillis(1500), 16384),
          new SimulatedModel("sim-slow", Kind.CHAT, Duration.ofSeconds(8), 4096),
          new SimulatedModel("text-embedding-sim", Kind.EMBEDDING, Duration.ofMillis(500), 2048));

  public SimulatedModel {
    if (Objects.requireNonNull(id, "id").isBlank()) {
      throw new IllegalArgumentException("id is blank, but a model needs an id");
    }
    Objects.requireNonNull(kind, "kind");
    if (Objects.requireNonNull(loadTime, "loadTime").isNegative()) {
      throw new IllegalArgumentException("loadTime is " + loadTime + ". Allowed: zero or more");
    }
    if (contextLength < 1) {
      throw new IllegalArgumentException(
          "contextLength is " + contextLength + ". Allowed: 1 or more");
    }
  }

  boolean writes() {
    return kind != Kind.EMBEDDING;
  }
}
