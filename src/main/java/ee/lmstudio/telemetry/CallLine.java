package ee.lmstudio.telemetry;

import ee.lmstudio.sdk.CallRecord;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A record as one line of JSON. What is unknown is absent.
 *
 * <pre>{@code
 * {"event":"lmstudio.call","method":"createChatCompletion","path":"/v1/chat/completions",
 *  "upstream":"default","started_at":"2026-11-22T10:15:30.123Z","duration_ms":812,"first_token_ms":140,"status":200,
 *  "streams":1,"retries":0,"outcome":"completed","model":"qwen","prompt_tokens":12,
 *  "completion_tokens":40,"tokens_synthesized":false,"actor":"alice","request_id":"r-17"}
 * }</pre>
 */
final class CallLine {
  private static final JsonBuilderFactory JSON =
      JsonProvider.provider().createBuilderFactory(Map.of());

  /**
   * What JSON lets stand in a text, and a terminal or a viewer of logs takes for more than text. It
   * escapes CR, LF and ESC by itself.
   */
  private static final Pattern NOT_PLAIN = Pattern.compile("[\\x7F-\\x9F\\u2028\\u2029\\p{Cf}]");

  private CallLine() {}

  static String of(String upstream, CallRecord call) {
    JsonObjectBuilder json =
        JSON.createObjectBuilder()
            .add("event", "lmstudio.call")
            .add("method", call.method().methodName())
            .add("path", call.method().path())
            .add("upstream", upstream)
            .add("started_at", call.startedAt().toString())
            .add("duration_ms", call.duration().toMillis());
    call.firstToken().ifPresent(time -> json.add("first_token_ms", time.toMillis()));
    call.status().ifPresent(status -> json.add("status", status));
    json.add("streams", call.streams())
        .add("retries", call.retries())
        .add("outcome", call.outcome().name().toLowerCase(Locale.ROOT));
    call.errorCode().ifPresent(code -> json.add("error_code", code));
    call.model().ifPresent(model -> json.add("model", model));
    call.tokens()
        .ifPresent(
            tokens ->
                json.add("prompt_tokens", tokens.prompt())
                    .add("completion_tokens", tokens.completion())
                    .add("tokens_synthesized", tokens.synthesized()));
    call.actor().ifPresent(actor -> json.add("actor", actor));
    call.requestId().ifPresent(id -> json.add("request_id", id));
    return NOT_PLAIN.matcher(json.build().toString()).replaceAll(odd -> escaped(odd.group()));
  }

  private static String escaped(String odd) {
    return odd.chars().mapToObj("\\\\u%04x"::formatted).collect(Collectors.joining());
  }
}
