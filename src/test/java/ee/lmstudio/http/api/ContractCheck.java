package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Compares answers with the OpenAPI document, and remembers which of its answers were seen. */
final class ContractCheck {
  /** The headers that an answer has only if the document lists them for it. */
  private static final Set<String> LISTED =
      Set.of(
          "Allow",
          "Idempotent-Replay",
          "Location",
          "RateLimit-Limit",
          "RateLimit-Remaining",
          "RateLimit-Reset",
          "Retry-After",
          "Set-Cookie",
          "WWW-Authenticate",
          "X-Stream-Id");

  /** An answer of the server. */
  record Answer(int status, HttpHeaders headers, String body) {
    static Answer of(HttpResponse<String> response) {
      return new Answer(response.statusCode(), response.headers(), response.body());
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  private final ContractDocument document = new ContractDocument();
  private final Set<String> seen = new TreeSet<>();

  ContractDocument document() {
    return document;
  }

  /** The answer has this status, which the operation lists, and is as the document says. */
  Answer is(String operation, int status, Answer answer) {
    return as(operation, "" + status, status, answer);
  }

  /** The answer is one of those for which the document has only a common description. */
  Answer isAnother(String operation, int status, Answer answer) {
    return as(operation, "default", status, answer);
  }

  private Answer as(String operation, String listed, int status, Answer answer) {
    String what = "%s %d: %s".formatted(operation, answer.status(), answer.body());
    assertThat(answer.status()).as(what).isEqualTo(status);
    JsonNode described = document.answer(operation, listed);
    assertThat(described.isMissingNode()).as("%s is not in the document", what).isFalse();
    String mediaType = answer.header("Content-Type").replaceAll(";.*", "");
    List<String> faults = new ArrayList<>(headerFaults(described.path("headers"), answer));
    JsonNode content = described.path("content");
    if (!content.isEmpty()) {
      faults.addAll(document.faults(content, mediaType, answer.body()));
    } else if (!answer.body().isEmpty()) {
      faults.add("The document lists no body");
    }
    assertThat(faults).as(what).isEmpty();
    assertThat(answer.header("X-Request-Id")).as(what).matches("[A-Za-z0-9._-]{1,64}");
    String type = content.has(mediaType) ? mediaType : mediaType.replaceAll("/.*", "/*");
    seen.add(operation + " " + listed + (content.isEmpty() ? "" : " " + type));
    return answer;
  }

  private List<String> headerFaults(JsonNode described, Answer answer) {
    List<String> faults = new ArrayList<>();
    for (String name : LISTED) {
      if (!answer.header(name).isEmpty() && !described.has(name)) {
        faults.add("The header " + name + " is not listed");
      }
    }
    for (Map.Entry<String, JsonNode> entry : described.properties()) {
      JsonNode header = document.resolved(entry.getValue());
      String value = answer.header(entry.getKey());
      if (value.isEmpty()) {
        if (header.path("required").asBoolean(false)) {
          faults.add("The header " + entry.getKey() + " is missing");
        }
      } else if (header.at("/schema/type").asString().equals("integer") && !value.matches("\\d+")) {
        faults.add("The header " + entry.getKey() + " is not a number: " + value);
      } else if (header.at("/schema").has("enum")
          && !header.at("/schema/enum").toString().contains("\"" + value + "\"")) {
        faults.add("The header " + entry.getKey() + " is not one of the values: " + value);
      }
    }
    return faults;
  }

  /** The body of a request is as the operation says. */
  void isValidRequest(String operation, String body) {
    JsonNode content = document.operation(operation).at("/requestBody/content");
    if (!content.isMissingNode() && content.has(Api.JSON)) {
      assertThat(document.faults(content, Api.JSON, body)).as(operation + body).isEmpty();
    }
  }

  /** Returns the answers of the document that were not seen, except the common ones. */
  Set<String> neverSeen() {
    Set<String> rest = new TreeSet<>();
    for (String operation : document.operations()) {
      for (String answer : document.answers(operation)) {
        if (!answer.startsWith("default") && !seen.contains(operation + " " + answer)) {
          rest.add(operation + " " + answer);
        }
      }
    }
    return rest;
  }
}
