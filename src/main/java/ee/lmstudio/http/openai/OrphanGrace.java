package ee.lmstudio.http.openai;

import ee.lmstudio.config.Durations;
import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.error.ApiError.Detail;
import ee.lmstudio.http.error.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;

/**
 * The header {@code X-Orphan-Grace}: how long a generation goes on after its client has left, so
 * that the client can come back.
 */
final class OrphanGrace {
  private static final String HEADER = "X-Orphan-Grace";

  /** Longest time that a client may ask for. The GPU works meanwhile, and perhaps for nobody. */
  static final Duration MOST = Duration.ofMinutes(10);

  private OrphanGrace() {}

  /** Returns whether the client wants to come back. */
  static boolean isAsked(HttpServletRequest request) {
    return request.getHeader(HEADER) != null;
  }

  /**
   * Returns the time that the request names; if it names none, the one of the settings.
   *
   * @throws ApiException {@code validation_failed} if the header is not a duration up to {@link
   *     #MOST}
   */
  static Duration of(HttpServletRequest request, ServerSettings settings) {
    String text = request.getHeader(HEADER);
    if (text == null) {
      return settings.streams().openAiOrphanGrace();
    }
    try {
      Duration grace = Durations.parse(text.strip());
      if (!grace.isNegative() && grace.compareTo(MOST) <= 0) {
        return grace;
      }
    } catch (IllegalArgumentException notADuration) {
      // As below.
    }
    throw ApiException.wrongFields(
        List.of(
            new Detail(
                HEADER, "must be a duration such as 30s or 2m, at most " + MOST.toMinutes() + "m")),
        0);
  }
}
