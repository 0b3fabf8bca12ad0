package ee.lmstudio.sdk.internal.detection;

import ee.lmstudio.sdk.capability.DetectedBy;
import ee.lmstudio.sdk.capability.ServerVersion;
import ee.lmstudio.sdk.internal.detection.Surface.Found;
import ee.lmstudio.sdk.internal.json.JsonText;
import java.util.Optional;

/**
 * A version, and what told it.
 *
 * @param version empty if nothing did
 */
public record Sighting(Optional<ServerVersion> version, DetectedBy by) {
  static final Sighting NOTHING = new Sighting(Optional.empty(), DetectedBy.NOTHING);

  /** What the body of {@code /health} tells. */
  public static Sighting ofHealth(Found health) {
    return of(JsonText.string(health.json(), "lmstudio_version"), DetectedBy.HEALTH);
  }

  /** What the answer of {@code /v1/models} tells: its header, else its metadata. */
  public static Sighting ofListing(Found v1Models) {
    return ofHeader(v1Models.version())
        .or(
            of(
                JsonText.string(JsonText.object(v1Models.json(), "metadata"), "backend_version"),
                DetectedBy.METADATA));
  }

  static Sighting ofHeader(Optional<String> header) {
    return of(header, DetectedBy.HEADER);
  }

  /** What the surfaces tell that answer: {@code /api/v1/models}, {@code /api/v0/models}. */
  public static Sighting ofSurfaces(boolean apiV1, boolean apiV0) {
    if (apiV1) {
      return new Sighting(Optional.of(ServerVersion.atLeast(0, 4, 0)), DetectedBy.SURFACE);
    }
    return apiV0
        ? new Sighting(Optional.of(ServerVersion.atLeast(0, 3, 6)), DetectedBy.SURFACE)
        : NOTHING;
  }

  private static Sighting of(Optional<String> text, DetectedBy by) {
    Optional<ServerVersion> version = text.flatMap(ServerVersion::parse);
    return version.isEmpty() ? NOTHING : new Sighting(version, by);
  }

  /** This one if it tells a version, else the other. */
  public Sighting or(Sighting other) {
    return version.isPresent() ? this : other;
  }
}
