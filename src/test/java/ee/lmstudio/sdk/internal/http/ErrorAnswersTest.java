package ee.lmstudio.sdk.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotLoadedException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an answer or a frame says becomes of it, word for word; without a server. */
class ErrorAnswersTest {
  private static final String KEY = "canary-key-0123456789";

  private final ErrorAnswers errors =
      new ErrorAnswers(LmStudioSettings.builder().apiKey(Secret.of(KEY)).build());

  private static HttpAnswer answer(int status, String body, String... headers) {
    MultivaluedHashMap<String, String> all = new MultivaluedHashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      all.add(headers[i], headers[i + 1]);
    }
    return new HttpAnswer(status, all, body.replace('\'', '"').getBytes(UTF_8), false);
  }

  private LmStudioException error(int status, String body, String... headers) {
    return errors.of(answer(status, body, headers));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "400|{'error':'bad'}|ValidationException|LM Studio refused the request (400): bad",
        "413|too large|ValidationException|LM Studio refused the request (413): too large",
        "422|^^|ValidationException|LM Studio refused the request (422)",
        "401|{'error':'no'}|AuthenticationException|LM Studio refused the API token: no",
        "403|^^|AuthenticationException|LM Studio refused the API token",
        "404|gone|FeatureUnavailableException|LM Studio does not know this endpoint (404): gone",
        "404|{'error':{'message':'gone'}}|FeatureUnavailableException|LM Studio does not know this"
            + " endpoint (404): gone",
        "404|{'error':{'message':'gone','param':'model'}}|ModelNotFoundException|LM Studio has no"
            + " such model: gone",
        "404|{'error':{'message':'gone','type':'model_not_found'}}|ModelNotFoundException|LM Studio"
            + " has no such model: gone",
        "429|^^|RateLimitedException|LM Studio has too much to do (429)",
        "408|^^|ServerException|LM Studio failed (408)",
        "500|{'error':{'message':'x'}}|ServerException|LM Studio failed (500): x",
        "200|{'error':{'message':'x'}}|ServerException|LM Studio failed (200): x",
        "503|{'message':'x'}|ServerException|LM Studio failed (503): x",
        "499|x|ProtocolException|The answer is not LM Studio's: status 499, no content type,"
            + " it says: x",
        "200|{'message':'x'}|ProtocolException|The answer is not LM Studio's: status 200, no"
            + " content type, it says: {\"message\":\"x\"}",
        "200|data: {'choices':[{'delta':{'content':'secret'}}]}|ProtocolException|The answer is not"
            + " LM Studio's: status 200, no content type, it says: what looks like a model's"
            + " answer",
        "399|^^|ProtocolException|The answer is not LM Studio's: status 399, no content type,"
            + " empty body",
      })
  void status_decidesWhereTheTextIsUnknown(int status, String body, String type, String message) {
    LmStudioException error = error(status, body);
    assertThat(error.getClass().getSimpleName()).isEqualTo(type);
    assertThat(error).hasMessage(message);
    assertThat(error.hint()).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 404, 500})
  void knownText_countsMoreThanTheStatus(int status) {
    assertThat(error(status, "{'error':'No models loaded.'}"))
        .isInstanceOf(ModelNotLoadedException.class);
  }

  @Test
  void fieldThatIsNamed_isTheFault() {
    assertThat(error(400, "{'error':{'message':'bad','param':'" + KEY + " n'}}"))
        .asInstanceOf(type(ValidationException.class))
        .extracting(ValidationException::faults)
        .isEqualTo(List.of(new ValidationException.Fault("*** n", "bad")));
    assertThat(error(400, "{'error':'bad'}"))
        .asInstanceOf(type(ValidationException.class))
        .extracting(ValidationException::faults)
        .isEqualTo(List.of());
  }

  @Test
  void wait_isPassedOn() {
    assertThat(error(429, "", "retry-after", "7"))
        .asInstanceOf(type(RateLimitedException.class))
        .satisfies(busy -> assertThat(busy.retryAfter()).hasValue(Duration.ofSeconds(7)));
    assertThat(error(429, ""))
        .asInstanceOf(type(RateLimitedException.class))
        .satisfies(busy -> assertThat(busy.retryAfter()).isEmpty());
    assertThat(error(503, "", "retry-after", "7").hint())
        .isEqualTo("It asks to wait 7 s; then ask again.");
  }

  @Test
  void codeAlone_isAnError() {
    assertThat(error(200, "{'error':{'code':'model_not_loaded'}}"))
        .isInstanceOf(ModelNotLoadedException.class);
    assertThat(error(200, "{'error':{}}")).isInstanceOf(ProtocolException.class);
  }

  @Test
  void compressed_isSaidAndNotShown() {
    assertThat(error(200, "\u001f", "content-encoding", "gzip", "content-type", "Text/HTML"))
        .isInstanceOf(ProtocolException.class)
        .hasMessage(
            "The answer is not LM Studio's: status 200, Text/HTML, it says: it is compressed"
                + " (gzip), which was not asked for");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'error':{'message':'x'}}|x",
        "{'error':'x'}|x",
        "{'message':'x'}|x",
        "{'y':1}|{\"y\":1}",
        "'" + KEY + "'|***",
        "7|7",
      })
  void frame_isReadWhateverItsShape(String frame, String says) {
    LmStudioException error = errors.ofFrame(JsonText.read(frame.replace('\'', '"')).orElseThrow());
    assertThat(error)
        .isInstanceOfSatisfying(
            ServerException.class, failed -> assertThat(failed.status()).isEqualTo(200))
        .hasMessage("LM Studio failed while it streamed: " + says);
  }
}
