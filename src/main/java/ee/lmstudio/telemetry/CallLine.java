package ee.lmstudio.telemetry;

import ee.lmstudio.json.RecordJson;
import ee.lmstudio.sdk.CallRecord;
import ee.lmstudio.sdk.CallRecord.Tokens;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A call record as the log shows it: one line of JSON, without unknown values. JSON-B writes it.
 *
 * <pre>{@code
 * {"event":"lmstudio.call","method":"createChatCompletion","path":"/v1/chat/completions",
 *  "upstream":"default","actor":"alice","completion_tokens":40,"duration_ms":812,
 *  "first_token_ms":140,"model":"qwen","outcome":"completed","prompt_tokens":12,
 *  "request_id":"r-17","retries":0,"started_at":"2026-11-22T10:15:30.123Z","status":200,
 *  "streams":1,"tokens_synthesized":false}
 * }</pre>
 */
@JsonbPropertyOrder({"event", "method", "path", "upstream"})
public record CallLine(
    String event,
    String method,
    String path,
    String upstream,
    Instant startedAt,
    long durationMs,
    Optional<Long> firstTokenMs,
    OptionalInt status,
    int streams,
    int retries,
    String outcome,
    Optional<String> errorCode,
    Optional<String> model,
    Optional<Integer> promptTokens,
    Optional<Integer> completionTokens,
    Optional<Boolean> tokensSynthesized,
    Optional<String> actor,
    Optional<String> requestId) {
  /**
   * Characters that JSON allows unescaped in a string, but that a terminal or a log viewer may
   * interpret. The JSON writer itself escapes CR, LF and ESC.
   */
  private static final Pattern NOT_PLAIN = Pattern.compile("[\\x7F-\\x9F\\u2028\\u2029\\p{Cf}]");

  static String of(String upstream, CallRecord call) {
    String json = RecordJson.write(line(upstream, call));
    return NOT_PLAIN.matcher(json).replaceAll(odd -> escaped(odd.group()));
  }

  private static CallLine line(String upstream, CallRecord call) {
    return new CallLine(
        "lmstudio.call",
        call.method().methodName(),
        call.method().path(),
        upstream,
        call.startedAt(),
        call.duration().toMillis(),
        call.firstToken().map(Duration::toMillis),
        call.status(),
        call.streams(),
        call.retries(),
        call.outcome().name().toLowerCase(Locale.ROOT),
        call.errorCode(),
        call.model(),
        call.tokens().map(Tokens::prompt),
        call.tokens().map(Tokens::completion),
        call.tokens().map(Tokens::synthesized),
        call.actor(),
        call.requestId());
  }

  private static String escaped(String odd) {
    return odd.chars().mapToObj("\\\\u%04x"::formatted).collect(Collectors.joining());
  }
}
