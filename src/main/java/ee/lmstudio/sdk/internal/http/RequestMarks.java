package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.LmStudioSettings;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.glassfish.jersey.client.ClientProperties;

/**
 * The headers and client properties that every request to LM Studio has, whichever client sends it.
 *
 * @param settings supply the API key, the extra headers and the connect limit; the API key wins
 *     over an extra header {@code Authorization}
 * @param exchange watches the request and can break it off
 */
public record RequestMarks(LmStudioSettings settings, Exchange exchange) {
  /** Returns the request headers by name. */
  public Map<String, String> headers() {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put(HttpHeaders.USER_AGENT, "lmstudio-ee");
    headers.putAll(settings.extraHeaders());
    settings
        .apiKey()
        .ifPresent(key -> headers.put(HttpHeaders.AUTHORIZATION, "Bearer " + key.reveal()));
    return headers;
  }

  /** Returns the request properties that the connector reads. */
  public Map<String, Object> properties() {
    return Map.of(
        ClientProperties.CONNECT_TIMEOUT,
        millis(settings.limits().connect()),
        Exchange.class.getName(),
        exchange);
  }

  /** A limit of less than 1 ms becomes 1 ms, because zero would mean no limit. */
  private static int millis(Duration limit) {
    return limit.isZero() ? 0 : Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE);
  }
}
