package ee.lmstudio.sdk;

import static ee.lmstudio.simulator.socket.Script.respondWith;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.error.AuthenticationException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.simulator.socket.Script;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Error bodies from public bug reports, mapped as {@code bodies.json} says. */
class ErrorBodyCaseTest {
  private static final String JSON = "application/json";

  static Stream<Arguments> bodies() {
    return Stream.of(
        body("a-503-llamacpp.json", 503, JSON, 3, ServerException.class, "Loading model"),
        body("b-400-vllm-flat.json", 400, JSON, 1, ValidationException.class, "base64 encoding"),
        body("c-422-fastapi.json", 422, JSON, 1, ValidationException.class, "messages.0.content"),
        body(
            "d-404-nest.json",
            404,
            JSON,
            1,
            FeatureUnavailableException.class,
            "does not know this endpoint"),
        body(
            "e-404-go.txt",
            404,
            "text/plain",
            1,
            FeatureUnavailableException.class,
            "does not know this endpoint"),
        body("f-404-ollama.json", 404, JSON, 1, ModelNotFoundException.class, "qwen3"),
        body(
            "g-400-lmstudio-zod.json",
            400,
            JSON,
            1,
            ValidationException.class,
            "tools[13].function.parameters.type"),
        body("h-500-success-false.json", 500, JSON, 3, ServerException.class, "unexpected error"),
        body("j-401-proxy.html", 401, "text/html", 1, AuthenticationException.class, "401"),
        body("k-400-empty-message.json", 400, JSON, 1, ValidationException.class, "(400)"),
        body("l-500-error-null.json", 500, JSON, 3, ServerException.class, "(500)"),
        body("m-429-array.json", 429, JSON, 3, RateLimitedException.class, "Resource exhausted"));
  }

  private static Arguments body(
      String file,
      int status,
      String type,
      int posts,
      Class<? extends LmStudioException> error,
      String says) {
    return Arguments.of(file, status, type, posts, error, says);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void errorBody_isMapped(
      String file,
      int status,
      String type,
      int posts,
      Class<? extends LmStudioException> error,
      String says) {
    byte[] body = Recorded.reported("26-error-bodies/upstream-" + file);
    List<Script> answers =
        Collections.nCopies(3, respondWith(status, type).header("Retry-After", "0").body(body));
    try (Invariants invariants = new Invariants(settings -> settings)) {
      Outcome outcome = invariants.check(file, Expected.fails(error, posts, ""), answers);
      assertThat(outcome.error().getMessage())
          .contains(says)
          .doesNotContain("<", "\n", "[object")
          .hasSizeLessThan(300);
    }
  }

  @Test
  void errorChunkWithTheFailedGeneration_isStatedWithoutIt() {
    Script answer =
        respondWith(200, "text/event-stream")
            .body(Recorded.reported("26-error-bodies/upstream-groq.sse"));
    try (Invariants invariants = new Invariants(settings -> settings)) {
      Outcome outcome =
          invariants.check(
              "groq", Expected.fails(ValidationException.class, 1, ""), List.of(answer));
      assertThat(outcome.error())
          .hasMessageContaining("Failed to call a function")
          .hasMessageNotContaining("getCarsList");
    }
  }
}
