package ee.lmstudio.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as it came in.
 *
 * @param method {@code GET}, {@code POST} …
 * @param target path with its query, as sent: {@code /v1/models?limit=1}
 * @param headers by name, upper and lower case alike; a repeated one has its values joined by a
 *     comma
 * @param body the whole body; empty if there was none; not copied, so leave it alone
 */
public record SimulatorRequest(
    String method, String target, Map<String, String> headers, byte[] body) {

  public SimulatorRequest {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(target, "target");
    Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(headers);
    headers = Collections.unmodifiableMap(anyCase);
    Objects.requireNonNull(body, "body");
  }

  /** The target without its query. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** A header's value. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The body as text. */
  public String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** Whether this asks a model to write something: a chat or a completion. */
  public boolean isGeneration() {
    return method.equals("POST") && path().endsWith("/completions");
  }
}
