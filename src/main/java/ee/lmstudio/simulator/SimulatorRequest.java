package ee.lmstudio.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A request as it was received.
 *
 * @param method {@code GET}, {@code POST} …
 * @param target the path with its query, as it was sent: {@code /v1/models?limit=1}
 * @param headers the headers by name, ignoring case; the values of a repeated header are joined by
 *     a comma
 * @param body the whole body; empty if there is none; the array is not copied, so do not change it
 */
public record SimulatorRequest(
    String method, String target, Map<String, String> headers, byte[] body) {
  private static final Set<String> GENERATIONS =
      Set.of("/v1/responses", "/v1/messages", "/api/v1/chat");

  public SimulatorRequest {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(target, "target");
    Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(headers);
    headers = Collections.unmodifiableMap(anyCase);
    Objects.requireNonNull(body, "body");
  }

  /** Returns the target without its query. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** Returns the value of a header; empty if the request does not have it. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** Returns the body as text. */
  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Returns whether this request starts a generation: a chat, a completion or a response. */
  public boolean isGeneration() {
    return method.equals("POST")
        && (path().endsWith("/completions") || GENERATIONS.contains(path()));
  }
}
