package ee.lmstudio.sdk.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Describes one model that LM Studio has. Values that no listing has are empty.
 *
 * @param id id of the model, for requests
 * @param ownedBy publisher of the model
 * @param created creation time that LM Studio reports
 * @param type {@code llm}, {@code vlm}, {@code embeddings}
 * @param state {@code loaded}, {@code loading} or {@code not-loaded}
 * @param metadata format, family and sizes
 * @param details values that only LM Studio's own listings have
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
   * Creates a summary without details.
   *
   * @param id id of the model, for requests
   * @param ownedBy publisher of the model
   * @param created creation time that LM Studio reports
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
   * Describes the model file.
   *
   * @param format {@code gguf} or {@code mlx}
   * @param family architecture, such as {@code qwen2}
   * @param parameterSize size as LM Studio writes it, such as {@code 7B}
   * @param quantizationLevel such as {@code Q4_K_M}
   * @param contextLength context length in tokens: of the loaded model, or else the model's maximum
   */
  public record Metadata(
      Optional<String> format,
      Optional<String> family,
      Optional<String> parameterSize,
      Optional<String> quantizationLevel,
      OptionalLong contextLength) {
    /** Metadata of which nothing is known. */
    public static final Metadata NONE =
        new Metadata(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty());

    /** Checks that nothing is null. */
    public Metadata {
      Objects.requireNonNull(format, "format");
      Objects.requireNonNull(family, "family");
      Objects.requireNonNull(parameterSize, "parameterSize");
      Objects.requireNonNull(quantizationLevel, "quantizationLevel");
      Objects.requireNonNull(contextLength, "contextLength");
    }
  }

  /** {@return whether the model is loaded} Returns false if no listing has the state. */
  public boolean loaded() {
    return state.filter("loaded"::equals).isPresent();
  }

  /** {@return whether the model can answer a chat, judged by its type; true for unknown types} */
  public boolean generatesText() {
    return type.map(t -> !t.startsWith("embedding")).orElse(!id.contains("embed"));
  }
}
