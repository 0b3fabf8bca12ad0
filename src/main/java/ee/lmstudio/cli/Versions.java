package ee.lmstudio.cli;

import ee.lmstudio.sdk.capability.DetectedBy;
import ee.lmstudio.sdk.capability.ServerCapabilities;
import java.util.Locale;

/** Words for people about the version of LM Studio. */
final class Versions {
  private Versions() {}

  static String foundBy(DetectedBy by) {
    return switch (by) {
      case HEALTH -> "GET /health";
      case HEADER -> "the header x-lmstudio-version";
      case METADATA -> "backend_version in GET /v1/models";
      case ENDPOINTS -> "the endpoints that answer, so it is a lower bound";
      case UNKNOWN -> "nothing: LM Studio does not name it";
    };
  }

  /** Returns how well this version is supported, for programs. */
  static String support(ServerCapabilities server) {
    return server.row().level().name().toLowerCase(Locale.ROOT);
  }

  static String level(ServerCapabilities server) {
    return support(server) + " (" + server.row().versions() + ")";
  }
}
