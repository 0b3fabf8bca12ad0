package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.LmStudioSettings;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.glassfish.jersey.client.ClientProperties;

/**
 * What a request to LM Studio has beside its path and body, whichever client sends it.
 *
 * @param settings whose key, headers and connect limit it has; a key beats a header {@code
 *     Authorization}
 * @param exchange watches the request and can break it off
 */
record RequestMarks(LmStudioSettings settings, Exchange exchange) {
  Map<String, String> headers() {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put(HttpHeaders.USER_AGENT, "lmstudio-ee");
    headers.putAll(settings.extraHeaders());
    settings
        .apiKey()
        .ifPresent(key -> headers.put(HttpHeaders.AUTHORIZATION, "Bearer " + key.reveal()));
    return headers;
  }

  /** What the connector reads. */
  Map<String, Object> properties() {
    return Map.of(
        ClientProperties.CONNECT_TIMEOUT,
        millis(settings.limits().connect()),
        Exchange.class.getName(),
        exchange);
  }

  /** At least one, as zero means no limit; the longest that the client knows is 24 days. */
  private static int millis(Duration limit) {
    return limit.isZero() ? 0 : Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE);
  }
}
