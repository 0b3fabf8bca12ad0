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
        "413|too large|ValidationException|The request is too large for LM Studio, or for a proxy"
            + " in front of it (413): too large",
        "422|^^|ValidationException|LM Studio refused the request (422)",
        "401|{'error':'no'}|AuthenticationException|LM Studio refused the API token: no",
        "403|^^|AuthenticationException|LM Studio refused the API token",
        "404|gone|FeatureUnavailableException|LM Studio does not know this endpoint: gone",
        "404|{'error':{'message':'gone'}}|FeatureUnavailableException|LM Studio does not know this"
            + " endpoint: gone",
        "404|{'error':{'message':'gone','param':'model'}}|ModelNotFoundException|LM Studio does"
            + " not have this model: gone",
        "404|{'error':{'message':'gone','type':'model_not_found'}}|ModelNotFoundException|LM Studio"
            + " does not have this model: gone",
        "429|^^|RateLimitedException|LM Studio is busy (429)",
        "408|^^|ServerException|LM Studio failed (408)",
        "500|{'error':{'message':'x'}}|ServerException|LM Studio failed (500): x",
        "200|{'error':{'message':'x'}}|ServerException|LM Studio failed (200): x",
        "503|{'message':'x'}|ServerException|LM Studio failed (503): x",
        "499|x|ProtocolException|The answer is not from LM Studio: status 499, no content type,"
            + " it says: x",
        "200|{'message':'x'}|ProtocolException|The answer is not from LM Studio: status 200, no"
            + " content type, it says: {\"message\":\"x\"}",
        "200|data: {'choices':[{'delta':{'content':'secret'}}]}|ProtocolException|The answer is not"
            + " from LM Studio: status 200, no content type, it says: what looks like a model's"
            + " answer",
        "399|^^|ProtocolException|The answer is not from LM Studio: status 399, no content type,"
            + " empty body",
      })
  void status_decidesWhereTheTextIsUnknown(int status, String body, String type, String message) {
    LmStudioException error = error(status, body);
    assertThat(error.getClass().getSimpleName()).isEqualTo(type);
    assertThat(error).hasMessage(message);
    assertThat(error.hint()).isNotBlank();
  }

  /** 26-error-bodies: error bodies of other servers and of proxies. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "503|{'error':{'code':503,'message':'Loading model','type':'unavailable_error'}}"
            + "|ServerException|LM Studio failed (503): Loading model",
        "400|{'object':'error','message':'base64 encoding is not currently supported','param':null,"
            + "'code':400}|ValidationException|LM Studio refused the request (400): base64 encoding"
            + " is not currently supported",
        "422|{'detail':[{'type':'missing','loc':['body','messages',0,'content'],'msg':'Field"
            + " required'}]}|ValidationException|LM Studio refused the request (422):"
            + " messages.0.content: Field required",
        "422|{'detail':'too odd'}|ValidationException|LM Studio refused the request (422): too odd",
        "404|{'message':'Cannot POST /v1/chat/completions','error':'Not Found','statusCode':404}"
            + "|FeatureUnavailableException|LM Studio does not know this endpoint: Cannot POST"
            + " /v1/chat/completions (Not Found)",
        "404|404 page not found|FeatureUnavailableException|LM Studio does not know this endpoint:"
            + " 404 page not found",
        "404|{'error':'model \\u0027qwen3\\u0027 not found, try pulling it"
            + " first'}|ModelNotFoundException|LM Studio does not have this model: model 'qwen3'"
            + " not found, try pulling it first",
        "500|{'success':false,'error':{'code':'INTERNAL_SERVER_ERROR','status':500,'message':'An"
            + " unexpected error'}}|ServerException|LM Studio failed (500): An unexpected error",
        "400|{'error':{'message':'','code':''}}|ValidationException|LM Studio refused the request"
            + " (400)",
        "500|{'error':null,'message':null}|ServerException|LM Studio failed (500):"
            + " {\"error\":null,\"message\":null}",
        "429|[{'error':{'code':429,'message':'Resource exhausted'}}]|RateLimitedException|LM Studio"
            + " is busy (429): Resource exhausted",
        "401|<html><head><title>401 Authorization"
            + " Required</title></head><body><h1>x</h1></body>|AuthenticationException|LM Studio"
            + " refused the API token: 401 Authorization Required",
        "502|<!DOCTYPE html><p>nothing</p>|ServerException|LM Studio failed (502): an HTML page",
        "413|<html><title>413 Request Entity Too Large</title>|ValidationException|The request is"
            + " too large for LM Studio, or for a proxy in front of it (413): 413 Request Entity"
            + " Too Large",
      })
  void foreignShape_isReadAndTheStatusDecides(
      int status, String body, String type, String message) {
    LmStudioException error = error(status, body);
    assertThat(error.getClass().getSimpleName()).isEqualTo(type);
    assertThat(error).hasMessage(message);
    assertThat(error.hint()).isNotBlank();
  }

  @Test
  void listOfFaultsInAText_namesTheFirstPlacesInOneLine() {
    assertThat(
            errors.of(
                new HttpAnswer(
                    400,
                    new MultivaluedHashMap<>(),
                    ("{\"error\":\"[\\n {\\n \\\"code\\\": \\\"invalid\\\", \\\"path\\\": [13,"
                            + " \\\"function\\\", \\\"parameters\\\", \\\"type\\\"],\\n"
                            + " \\\"message\\\": \\\"Expected object\\\"}]\"}")
                        .getBytes(UTF_8),
                    false)))
        .isInstanceOf(ValidationException.class)
        .hasMessage(
            "LM Studio refused the request (400): tools[13].function.parameters.type: Expected"
                + " object");
  }

  @Test
  void requestThatIsTooLarge_hasACodeOfItsOwn() {
    assertThat(error(413, "").code()).isEqualTo("payload_too_large");
  }

  @Test
  void failureThatSaysUnsupported_isPermanent() {
    assertThat(error(500, "{'error':'Vision is not supported by this model'}"))
        .isInstanceOf(ValidationException.class);
    assertThat(errors.ofFrame(JsonText.read("{\"error\":\"unsupported\"}").orElseThrow()))
        .isInstanceOf(ValidationException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "401, AuthenticationException",
    "404, FeatureUnavailableException",
    "429, RateLimitedException",
    "503, ServerException"
  })
  void unsupportedWithAnotherStatus_isWhatTheStatusSays(int status, String type) {
    assertThat(error(status, "{'error':'This scheme is not supported'}").getClass().getSimpleName())
        .isEqualTo(type);
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
        .isEqualTo("Wait 7 s, then send the request again.");
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
            "The answer is not from LM Studio: status 200, Text/HTML, it says: the body is"
                + " compressed (gzip), which was not asked for");
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
