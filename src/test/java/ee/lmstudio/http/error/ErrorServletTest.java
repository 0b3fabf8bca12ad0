package ee.lmstudio.access;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorServletTest {

  private static FakeHttp failed(int status, String uri) throws IOException {
    FakeHttp http = FakeHttp.get("/error");
    http.context = "/app";
    http.dispatcher = DispatcherType.ERROR;
    http.attributes.put(RequestDispatcher.ERROR_STATUS_CODE, status);
    http.attributes.put(RequestDispatcher.ERROR_REQUEST_URI, "/app" + uri);
    http.attributes.put(RequestDispatcher.ERROR_EXCEPTION, new IllegalStateException("canary"));
    http.attributes.put(RequestDispatcher.ERROR_MESSAGE, "canary");
    new ErrorServlet().service(http.request(), http.response());
    return http;
  }

  @ParameterizedTest
  @CsvSource({
    "400, malformed_request",
    "404, not_found",
    "405, method_not_allowed",
    "406, not_acceptable",
    "413, payload_too_large",
    "415, unsupported_media_type",
    "431, malformed_request",
    "500, internal_error",
    "501, internal_error",
    "503, overloaded",
  })
  void api_getsTheEnvelope(int status, String code) throws IOException {
    FakeHttp http = failed(status, "/api/nix");
    assertThat(http.status).isEqualTo(status);
    assertThat(http.answer("Content-Type")).isEqualTo("application/json");
    assertThat(http.text()).contains("\"code\":\"" + code + "\"").doesNotContain("canary");
    assertThat(http.answer("Content-Security-Policy")).isNotBlank();
  }

  @Test
  void openAiDoor_getsItsOwnError() throws IOException {
    assertThat(failed(404, "/v1/nix").text()).startsWith("{\"error\":{\"message\":");
  }

  @Test
  void page_getsAPlainPage() throws IOException {
    FakeHttp http = failed(500, "/ai/lmstudio/demo");
    assertThat(http.status).isEqualTo(500);
    assertThat(http.answer("Content-Type")).isEqualTo("text/html;charset=UTF-8");
    assertThat(http.text())
        .startsWith("<!DOCTYPE html>")
        .contains(http.answer("X-Request-Id"))
        .doesNotContain("canary", "Payara", "<script", "style=");
  }

  @Test
  void calledDirectly_isNotFound() throws IOException {
    FakeHttp http = FakeHttp.get("/error");
    new ErrorServlet().service(http.request(), http.response());
    assertThat(http.status).isEqualTo(404);
  }

  @Test
  void answerThatHasBegun_isLeftAlone() throws IOException {
    FakeHttp http = FakeHttp.get("/error");
    http.committed = true;
    new ErrorServlet().service(http.request(), http.response());
    assertThat(http.text()).isEmpty();
    assertThat(http.status).isEqualTo(200);
  }
}
