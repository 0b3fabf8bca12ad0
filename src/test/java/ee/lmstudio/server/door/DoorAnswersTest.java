package ee.lmstudio.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.CollectedOutput;
import ee.lmstudio.http.Route;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.SecurityHeaders;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ErrorAnswer;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.http.error.RequestId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The door cannot use the classes of the WAR, but its answers are those of the WAR. */
class DoorAnswersTest {
  private static final String ID = "an-id";

  private static final List<DoorError> REFUSALS =
      List.of(
          DoorError.NOT_READY,
          DoorError.OVERLOADED,
          RequestHead.MALFORMED_PATH,
          DoorError.inPlaceOf(302),
          DoorError.inPlaceOf(405),
          DoorError.inPlaceOf(413),
          DoorError.inPlaceOf(500));

  static Stream<Route> routes() {
    return RouteTable.rows().stream();
  }

  @ParameterizedTest
  @MethodSource("routes")
  void refusal_isWrittenAsTheApplicationWritesIt(Route route) throws IOException {
    for (DoorError refusal : REFUSALS) {
      Answer answer = refusal.in(request(route.path().isEmpty() ? "/x" : route.path()));
      Recorded expected = writtenByTheApplication(route, refusal);

      assertThat(answer.status()).as(refusal.message()).isEqualTo(expected.status);
      assertThat(answer.body()).isEqualTo(expected.body.toString(StandardCharsets.UTF_8));
      assertThat(answer.mediaType()).isEqualTo(expected.headers.remove("Content-Type"));
      Map<String, String> headers = new HashMap<>(answer.headers());
      headers.put(Answer.REQUEST_ID, answer.requestId());
      headers.put("Cache-Control", "no-store");
      assertThat(headers).isEqualTo(expected.headers);
    }
  }

  @Test
  void securityHeaders_areThoseOfTheApplication() {
    Recorded recorded = new Recorded();
    SecurityHeaders.set(recorded.response());

    assertThat(Answer.SECURITY_HEADERS).isEqualTo(recorded.headers);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1, OPENAI",
    "/v1/models%, OPENAI",
    "//v1/x, OPENAI",
    "/%761/x, OPENAI",
    "/v1;a=b, OPENAI",
    "http://localhost/v1/%zz, OPENAI",
    "/api/v1;%zz, ENVELOPE",
    "/health/live, ENVELOPE",
    "/v11, PAGE",
    "/apis, PAGE",
    "'', PAGE",
    "/%zz, PAGE"
  })
  void errorFormat_isThatOfThePath(String target, DoorError.Format format) {
    assertThat(DoorError.Format.of(target)).isEqualTo(format);
  }

  @ParameterizedTest
  @CsvSource({"x y, false", "a<b>, false", "'', false", "good.id_1-2, true"})
  void requestIdOfTheClient_isTakenIfItIsSafe(String offered, boolean taken) {
    HttpRequestPacket request = request("/x");
    request.setHeader(Answer.REQUEST_ID, offered);

    String id = Answer.requestId(request);

    assertThat(id.equals(offered)).isEqualTo(taken);
    assertThat(id).isEqualTo(RequestId.accept(id));
  }

  private static HttpRequestPacket request(String path) {
    return HttpRequestPacket.builder()
        .method("GET")
        .uri(path)
        .protocol(Protocol.HTTP_1_1)
        .header("Host", "localhost")
        .header(Answer.REQUEST_ID, ID)
        .build();
  }

  private static Recorded writtenByTheApplication(Route route, DoorError refusal)
      throws IOException {
    ErrorCode code = ErrorCode.valueOf(refusal.code().toUpperCase(Locale.ROOT));
    ApiError error =
        ApiError.of(code, refusal.message(), refusal.hint()).withStatus(refusal.status());
    if (refusal.status() == 503) {
      error = error.withRetryAfter(Duration.ofSeconds(1));
    }
    Recorded recorded = new Recorded();
    Map<String, Object> attributes = new HashMap<>();
    attributes.put(RouteTable.class.getName(), route);
    HttpServletRequest request =
        (HttpServletRequest)
            Proxy.newProxyInstance(
                DoorAnswersTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "getAttribute" -> attributes.get(arguments[0]);
                      case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    RequestId.set(request, ID);
    ErrorAnswer.write(request, recorded.response(), error);
    return recorded;
  }

  /** A servlet response that keeps what is written to it. */
  private static final class Recorded {
    final Map<String, String> headers = new HashMap<>();
    final ByteArrayOutputStream body = new ByteArrayOutputStream();
    int status;

    HttpServletResponse response() {
      return (HttpServletResponse)
          Proxy.newProxyInstance(
              DoorAnswersTest.class.getClassLoader(),
              new Class<?>[] {HttpServletResponse.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "isCommitted" -> false;
                    case "setHeader" -> {
                      headers.put((String) arguments[0], (String) arguments[1]);
                      yield null;
                    }
                    case "setContentType" -> {
                      headers.put("Content-Type", (String) arguments[0]);
                      yield null;
                    }
                    case "setStatus" -> {
                      status = (int) arguments[0];
                      yield null;
                    }
                    case "getOutputStream" -> new CollectedOutput(body);
                    case "resetBuffer", "setContentLength" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                  });
    }
  }
}
