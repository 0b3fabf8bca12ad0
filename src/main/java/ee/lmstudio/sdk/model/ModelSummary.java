package ee.lmstudio.sdk.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One model that LM Studio has. What no surface says is empty.
 *
 * @param id what requests name
 * @param ownedBy who published it
 * @param created when, by LM Studio
 * @param type {@code llm}, {@code vlm}, {@code embeddings}
 * @param state {@code loaded}, {@code loading} or {@code not-loaded}
 * @param metadata format, family and sizes
 * @param details what LM Studio's own listings say beyond that
 */
public record ModelSummary(
    String id,
    Optional<String> ownedBy,
    Optional<Instant> created,
    Optional<String> type,
    Optional<String> state,
    Metadata metadata,
    ModelDetails details) {
  /** Checks that nothing is null. */
  public ModelSummary {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(ownedBy, "ownedBy");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(details, "details");
  }

  /**
   * A model of which no more is known.
   *
   * @param id what requests name
   * @param ownedBy who published it
   * @param created when, by LM Studio
   * @param type {@code llm}, {@code vlm}, {@code embeddings}
   * @param state {@code loaded}, {@code loading} or {@code not-loaded}
   * @param metadata format, family and sizes
   */
  public ModelSummary(
      String id,
      Optional<String> ownedBy,
      Optional<Instant> created,
      Optional<String> type,
      Optional<String> state,
      Metadata metadata) {
    this(id, ownedBy, created, type, state, metadata, ModelDetails.NONE);
  }

  /**
   * What the file is.
   *
   * @param format {@code gguf}, {@code mlx}
   * @param family architecture, such as {@code qwen2}
   * @param parameterSize as LM Studio writes it, such as {@code 7B}
   * @param quantizationLevel such as {@code Q4_K_M}
   * @param contextLength tokens: as loaded, else the most the model takes
   */
  public record Metadata(
      Optional<String> format,
      Optional<String> family,
      Optional<String> parameterSize,
      Optional<String> quantizationLevel,
      OptionalLong contextLength) {
    /** Checks that nothing is null. */
    public Metadata {
      Objects.requireNonNull(format, "format");
      Objects.requireNonNull(family, "family");
      Objects.requireNonNull(parameterSize, "parameterSize");
      Objects.requireNonNull(quantizationLevel, "quantizationLevel");
      Objects.requireNonNull(contextLength, "contextLength");
    }
  }

  /** {@return whether it is in memory} A model of which no surface tells the state is not. */
  public boolean loaded() {
    return state.filter("loaded"::equals).isPresent();
  }

  /** {@return whether it can answer a chat, as far as its type tells: unknown types can} */
  public boolean generatesText() {
    return type.map(t -> !t.startsWith("embedding")).orElse(!id.contains("embed"));
  }
}
