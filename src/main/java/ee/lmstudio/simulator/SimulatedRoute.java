package ee.lmstudio.simulator;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The routes of LM Studio, and the versions that have them. The guide lists them under the same
 * names.
 */
enum SimulatedRoute {
  GREETING("GET", "/lmstudio-greeting", version -> true),
  HEALTH("GET", "/health", SimulatedVersion::hasHealth),
  MODELS("GET", "/v1/models", version -> true),
  CHAT("POST", "/v1/chat/completions", version -> true),
  COMPLETION("POST", "/v1/completions", version -> true),
  RESPONSE("POST", "/v1/responses", SimulatedVersion::hasResponses),
  READ_RESPONSE("GET", "/v1/responses/{id}", SimulatedVersion::hasResponses),
  DELETE_RESPONSE("DELETE", "/v1/responses/{id}", SimulatedVersion::hasResponses),
  MESSAGE("POST", "/v1/messages", SimulatedVersion::hasMessages),
  EMBEDDINGS("POST", "/v1/embeddings", version -> true),
  TRANSCRIPTION("POST", "/v1/audio/transcriptions", SimulatedVersion::hasAudio),
  TRANSLATION("POST", "/v1/audio/translations", SimulatedVersion::hasAudio),
  SPEECH("POST", "/v1/audio/speech", SimulatedVersion::hasAudio),
  IMAGES("POST", "/v1/images/generations", SimulatedVersion::hasImages),
  V0_MODELS("GET", "/api/v0/models", SimulatedVersion::hasApiV0),
  V0_MODEL("GET", "/api/v0/models/{id}", SimulatedVersion::hasApiV0),
  V0_CHAT("POST", "/api/v0/chat/completions", SimulatedVersion::hasApiV0),
  V0_COMPLETION("POST", "/api/v0/completions", SimulatedVersion::hasApiV0),
  V0_EMBEDDINGS("POST", "/api/v0/embeddings", SimulatedVersion::hasApiV0),
  V1_MODELS("GET", "/api/v1/models", SimulatedVersion::hasApiV1),
  LOAD("POST", "/api/v1/models/load", SimulatedVersion::hasApiV1),
  UNLOAD("POST", "/api/v1/models/unload", SimulatedVersion::hasApiV1),
  DOWNLOAD("POST", "/api/v1/models/download", SimulatedVersion::hasApiV1),
  DOWNLOAD_STATUS("GET", "/api/v1/models/download/status/{job_id}", SimulatedVersion::hasApiV1),
  NATIVE_CHAT("POST", "/api/v1/chat", SimulatedVersion::hasApiV1);

  private final String method;
  private final String path;
  private final Predicate<SimulatedVersion> exists;

  SimulatedRoute(String method, String path, Predicate<SimulatedVersion> exists) {
    this.method = method;
    this.path = path;
    this.exists = exists;
  }

  /**
   * Returns the route of a request; empty if {@code version} does not have it.
   *
   * @param method HEAD is treated as GET. OPTIONS is treated as POST, because without CORS, LM
   *     Studio passes it on to the handler of POST
   */
  static Optional<SimulatedRoute> of(String method, String path, SimulatedVersion version) {
    String handled =
        switch (method) {
          case "HEAD" -> "GET";
          case "OPTIONS" -> "POST";
          default -> method;
        };
    return Arrays.stream(values())
        .filter(route -> route.method.equals(handled) && route.matches(path))
        .filter(route -> route.exists.test(version))
        .findFirst();
  }

  private boolean matches(String asked) {
    String fixed = fixedPart();
    return path.equals(fixed)
        ? asked.equals(path)
        : asked.startsWith(fixed) && asked.length() > fixed.length();
  }

  /** Returns the last part of {@code asked}: the value of the path's parameter. */
  String parameter(String asked) {
    return asked.substring(fixedPart().length());
  }

  private String fixedPart() {
    int parameter = path.indexOf('{');
    return parameter < 0 ? path : path.substring(0, parameter);
  }

  boolean exists(SimulatedVersion version) {
    return exists.test(version);
  }

  /** Returns the method and the path: {@code GET /v1/models}. */
  @Override
  public String toString() {
    return method + " " + path;
  }
}
