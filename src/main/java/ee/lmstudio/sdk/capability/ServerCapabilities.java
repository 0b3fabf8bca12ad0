package ee.lmstudio.sdk.capability;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of the LM Studio that is called. What the settings switch off ({@code
 * enable-audio}, {@code enable-images}) does not show here: this is about the server.
 *
 * @param version empty if nothing told it
 * @param detectedBy what told the version
 * @param learned what calls have shown since: {@link Support#YES} or {@link Support#NO}, stronger
 *     than the table
 * @param detectedAt when the version was told, or could not be
 */
public record ServerCapabilities(
    Optional<ServerVersion> version,
    DetectedBy detectedBy,
    Map<Capability, Support> learned,
    Instant detectedAt) {
  /**
   * Checks the values, and copies the collections.
   *
   * @throws IllegalArgumentException if one is wrong; the message names it
   */
  public ServerCapabilities {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(detectedBy, "detectedBy");
    learned = Map.copyOf(learned);
    Objects.requireNonNull(detectedAt, "detectedAt");
    if (version.isPresent() == (detectedBy == DetectedBy.NOTHING)) {
      throw new IllegalArgumentException(
          "A version of %s cannot be detected by %s".formatted(version, detectedBy));
    }
  }

  /** {@return the row of the table that the version is in} */
  public CompatibilityMatrix.Row row() {
    return CompatibilityMatrix.row(version);
  }

  /**
   * {@return whether the server has {@code capability}: as calls have shown, else by the table}
   *
   * @param capability what is asked about
   */
  public Support support(Capability capability) {
    return learned.getOrDefault(capability, row().support(capability));
  }

  /**
   * {@return whether the server surely has {@code capability}}
   *
   * @param capability what is asked about
   */
  public boolean has(Capability capability) {
    return support(capability) == Support.YES;
  }

  /** {@return what the server has of every capability} */
  public Map<Capability, Support> all() {
    Map<Capability, Support> all = new EnumMap<>(Capability.class);
    for (Capability capability : Capability.values()) {
      all.put(capability, support(capability));
    }
    return all;
  }

  /**
   * {@return all of it, for tools: {@code version}, {@code detected_by}, {@code capabilities} …}
   */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder();
    version.ifPresent(v -> json.add("version", v.toString()));
    JsonObjectBuilder each = JSON.createObjectBuilder();
    all().forEach((capability, support) -> each.add(capability.id(), support.id()));
    return json.add("detected_by", detectedBy.id())
        .add("detected_at", detectedAt.toString())
        .add("versions", row().versions())
        .add("capabilities", each)
        .build();
  }
}
