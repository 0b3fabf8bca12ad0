package ee.lmstudio.sdk.internal.detection;

import ee.lmstudio.sdk.capability.DetectedBy;
import ee.lmstudio.sdk.capability.ServerVersion;
import ee.lmstudio.sdk.internal.detection.JsonEndpoints.Found;
import ee.lmstudio.sdk.internal.json.JsonText;
import java.util.Optional;

/**
 * Holds version evidence: a version and its source.
 *
 * @param version the version; empty if no source named one
 */
public record VersionEvidence(Optional<ServerVersion> version, DetectedBy by) {
  static final VersionEvidence NONE = new VersionEvidence(Optional.empty(), DetectedBy.UNKNOWN);

  /** Returns the evidence in the body of {@code /health}. */
  public static VersionEvidence ofHealth(Found health) {
    return of(JsonText.string(health.json(), "lmstudio_version"), DetectedBy.HEALTH);
  }

  /** Returns the evidence in the answer of {@code /v1/models}: its header, or else its metadata. */
  public static VersionEvidence ofListing(Found v1Models) {
    return ofHeader(v1Models.version())
        .or(
            of(
                JsonText.string(JsonText.object(v1Models.json(), "metadata"), "backend_version"),
                DetectedBy.METADATA));
  }

  static VersionEvidence ofHeader(Optional<String> header) {
    return of(header, DetectedBy.HEADER);
  }

  /**
   * Returns the evidence of the existing endpoints {@code /api/v1/models} and {@code
   * /api/v0/models}.
   */
  public static VersionEvidence ofEndpoints(boolean apiV1, boolean apiV0) {
    if (apiV1) {
      return new VersionEvidence(Optional.of(ServerVersion.atLeast(0, 4, 0)), DetectedBy.ENDPOINTS);
    }
    return apiV0
        ? new VersionEvidence(Optional.of(ServerVersion.atLeast(0, 3, 6)), DetectedBy.ENDPOINTS)
        : NONE;
  }

  private static VersionEvidence of(Optional<String> text, DetectedBy by) {
    Optional<ServerVersion> version = text.flatMap(ServerVersion::parse);
    return version.isEmpty() ? NONE : new VersionEvidence(version, by);
  }

  /** Returns this evidence if it has a version, or else {@code other}. */
  public VersionEvidence or(VersionEvidence other) {
    return version.isPresent() ? this : other;
  }
}
