package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.RawAnswerReader.Whole;
import ee.lmstudio.http.error.ErrorCode;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What holds for every answer of this server, whatever the request was. */
final class AnswerRules {
  private static final Set<Integer> SUCCESSES = Set.of(200, 202, 204);
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Names of products, classes and stack frames. */
  private static final Pattern INSIDES =
      Pattern.compile(
          "(?i)payara|glassfish|grizzly|jersey|hazelcast|hibernate|parsson|yasson|tomcat|\\b(ee|java|javax|jakarta|org|com|sun|jdk)\\.[a-z0-9_.]+\\.[a-z]*(exception|error)|\\n"
              + "\\s+at [\\w.$/]+\\(");

  /** Codes of OpenAI's format that have another name in this server's own format. */
  private static final Map<String, ErrorCode> OPENAI_CODES =
      Map.of(
          "invalid_api_key", ErrorCode.UNAUTHENTICATED,
          "context_length_exceeded", ErrorCode.CONTEXT_OVERFLOW,
          "rate_limit_exceeded", ErrorCode.RATE_LIMITED,
          "unknown_url", ErrorCode.NOT_FOUND);

  /** The error formats. */
  private enum Format {
    OWN,
    OPENAI,
    ANY;

    static Format of(String target) {
      String path = target.replaceFirst("\\?.*", "");
      boolean plain = !path.matches("(?s).*([%;.]|//).*");
      return !plain ? ANY : path.startsWith("/v1/") ? OPENAI : path.startsWith("/api/") ? OWN : ANY;
    }
  }

  private AnswerRules() {}

  static void check(FuzzedRequest request, Whole answer) {
    String type = answer.first("Content-Type");
    assertThat(String.join("\n", answer.headers())).doesNotContainPattern(INSIDES);
    List<String> ids = answer.all("X-Request-Id");
    assertThat(ids).as("X-Request-Id").hasSize(1);
    assertThat(ids.get(0)).matches(ID);
    String offered = request.header("X-Request-Id").strip();
    boolean unreadHead = answer.body().contains("\"malformed_request\"");
    if (ID.matcher(offered).matches() && !unreadHead) {
      assertThat(ids.get(0)).isEqualTo(offered);
    }
    if (answer.status() >= 400) {
      error(request, answer, type);
    } else if (answer.status() >= 300) {
      assertThat(Format.of(request.target)).as("redirect").isEqualTo(Format.ANY);
    } else {
      assertThat(answer.status()).isIn(SUCCESSES);
      success(request, answer, type);
    }
  }

  private static void success(FuzzedRequest request, Whole answer, String type) {
    if (answer.body().isEmpty()) {
      return;
    }
    if (type.startsWith(Api.EVENTS)) {
      String last = lastEvent(answer.body());
      if (request.target.startsWith("/api/")) {
        assertThat(last).containsPattern("event: (completed|failed|cancelled)\n");
      } else if (request.target.contains("completions")) {
        assertThat(last).containsPattern("\\[DONE]|\"error\"");
      }
    } else if (type.startsWith(Api.JSON) && !answer.body().contains(OddLmStudio.RELAYED)) {
      if (request.target.startsWith("/v1/responses/")) {
        return; // LM Studio's own answer, which need not be JSON.
      }
      if (!request.target.matches("/v1/(responses|messages|decisions|rerank).*")) {
        assertThat(answer.body()).startsWith("{").endsWith("}");
        Api.json(answer.body());
      }
    }
  }

  private static String lastEvent(String stream) {
    assertThat(stream).endsWith("\n\n");
    String whole = stream.substring(0, stream.length() - 2);
    while (whole.substring(whole.lastIndexOf("\n\n") + 1).strip().startsWith(":")) {
      whole = whole.substring(0, whole.lastIndexOf("\n\n"));
    }
    return whole.substring(Math.max(0, whole.lastIndexOf("\n\n"))) + "\n";
  }

  private static void error(FuzzedRequest request, Whole answer, String type) {
    boolean relayed =
        answer.body().contains(OddLmStudio.RELAYED) || isRelayedRefusal(request, answer);
    if (relayed) {
      return;
    }
    assertThat(answer.status()).as(answer.body()).isNotEqualTo(500).isLessThan(505);
    if (request.method.equals("HEAD")) {
      assertThat(answer.body()).isEmpty();
      return;
    }
    assertThat(answer.body()).doesNotContainPattern(INSIDES);
    Format format = Format.of(request.target);
    if (type.startsWith("text/html")) {
      assertThat(format).isEqualTo(Format.ANY);
      assertThat(answer.status()).isLessThan(500);
      return;
    }
    assertThat(type).startsWith(Api.JSON);
    JsonObject json = Api.json(answer.body());
    if (format == Format.OWN || format == Format.ANY && json.containsKey("status")) {
      own(answer, json);
    } else {
      openAi(answer, json);
    }
  }

  /** LM Studio's refusals of relayed requests are passed on with their status. */
  private static boolean isRelayedRefusal(FuzzedRequest request, Whole answer) {
    return request.target.matches("/v1/(responses|messages|decisions|rerank).*")
        && OddLmStudio.saysSo(answer.status(), answer.body());
  }

  private static void own(Whole answer, JsonObject json) {
    assertThat(json.keySet()).containsExactlyInAnyOrder("status", "error", "meta");
    assertThat(json.getJsonObject("meta").getString("request_id"))
        .isEqualTo(answer.first("X-Request-Id"));
    JsonObject error = json.getJsonObject("error");
    assertThat(Set.of("code", "message", "hint", "details")).containsAll(error.keySet());
    assertThat(error.getString("message")).isNotBlank();
    assertThat(error.getString("hint")).isNotBlank();
    ErrorCode code = ErrorCode.of(error.getString("code")).orElseThrow();
    hasStatusOf(code, code.status(), answer);
    assertThat(code).isNotEqualTo(ErrorCode.INTERNAL_ERROR);
  }

  private static void hasStatusOf(ErrorCode code, int usual, Whole answer) {
    boolean unknownExpect = code == ErrorCode.MALFORMED_REQUEST && answer.status() == 417;
    assertThat(unknownExpect ? usual : answer.status()).as("%s", code).isEqualTo(usual);
  }

  private static void openAi(Whole answer, JsonObject json) {
    assertThat(json.keySet()).containsExactly("error");
    JsonObject error = json.getJsonObject("error");
    assertThat(error.keySet()).containsExactlyInAnyOrder("message", "type", "param", "code");
    assertThat(error.getString("message")).isNotBlank();
    String name = error.getString("code");
    ErrorCode code =
        OPENAI_CODES.containsKey(name)
            ? OPENAI_CODES.get(name)
            : ErrorCode.of(name.toLowerCase(Locale.ROOT)).orElseThrow();
    int status = code.status() == 422 ? 400 : code.status();
    hasStatusOf(code, status, answer);
    assertThat(code).isNotEqualTo(ErrorCode.INTERNAL_ERROR);
    assertThat(error.getString("type"))
        .isEqualTo(
            code == ErrorCode.RATE_LIMITED
                ? "rate_limit_error"
                : status < 500 ? "invalid_request_error" : "server_error");
  }
}
