package ee.lmstudio.http.error;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.CollectedLog;
import ee.lmstudio.http.FakeHttp;
import jakarta.enterprise.context.NonexistentConversationException;
import jakarta.faces.application.ViewExpiredException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorServletTest {

  private static FakeHttp failed(int status, String uri) throws IOException {
    return failed(status, uri, new IllegalStateException("canary"));
  }

  private static FakeHttp failed(int status, String uri, Throwable cause) throws IOException {
    FakeHttp http = FakeHttp.get("/error");
    http.context = "/app";
    http.dispatcher = DispatcherType.ERROR;
    http.attributes.put(RequestDispatcher.ERROR_STATUS_CODE, status);
    http.attributes.put(RequestDispatcher.ERROR_REQUEST_URI, "/app" + uri);
    http.attributes.put(RequestDispatcher.ERROR_EXCEPTION, cause);
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
    "503, overloaded",
  })
  void api_getsTheEnvelope(int status, String code) throws IOException {
    FakeHttp http = failed(status, "/api/nix");
    assertThat(http.status).isEqualTo(status);
    assertThat(http.answer("Content-Type")).isEqualTo("application/json");
    assertThat(http.text()).contains("\"code\":\"" + code + "\"").doesNotContain("canary");
    assertThat(http.answer("Content-Security-Policy")).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/nix", "/%761/nix"})
  void openAiDoor_getsItsOwnError(String uri) throws IOException {
    assertThat(failed(404, uri).text())
        .startsWith("{\"error\":{\"message\":")
        .endsWith("\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"unknown_url\"}}");
  }

  /** The container says 501 for a method that no servlet knows. */
  @Test
  void unknownMethod_isNotAllowed() throws IOException {
    FakeHttp http = failed(501, "/api/nix");
    assertThat(http.status).isEqualTo(405);
    assertThat(http.text()).contains("\"code\":\"method_not_allowed\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "DELETE", "PROPFIND"})
  void unknownPathBelowAnApi_isNotFoundByAnyMethod(String method) throws IOException {
    FakeHttp http = FakeHttp.of(method, "/v1/nothing");
    new ErrorServlet().service(http.request(), http.response());
    assertThat(http.status).isEqualTo(404);
    assertThat(http.text()).startsWith("{\"error\":{");
  }

  /** The container would redirect a directory, under any host name, before a filter sees it. */
  @Test
  void everyDirectoryOfTheWebApplication_isMapped() throws IOException {
    Path root = Path.of("src/main/webapp");
    try (Stream<Path> below = Files.walk(root)) {
      List<String> directories =
          below
              .filter(Files::isDirectory)
              .map(directory -> "/" + root.relativize(directory))
              .filter(path -> !path.equals("/") && !path.startsWith("/WEB-INF"))
              .toList();
      assertThat(ErrorServlet.class.getAnnotation(WebServlet.class).urlPatterns())
          .containsAll(directories)
          .contains("/js");
    }
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

  /** What is logged when a page fails. */
  private static List<LogRecord> logged(int status, Throwable cause) throws IOException {
    CollectedLog log = new CollectedLog();
    Logger logger = Logger.getLogger(ErrorServlet.class.getName());
    logger.setUseParentHandlers(false);
    logger.addHandler(log);
    try {
      FakeHttp http = failed(500, "/login", cause);
      assertThat(http.status).isEqualTo(status);
      assertThat(log.records()).hasSize(1);
      assertThat(new SimpleFormatter().formatMessage(log.records().get(0)))
          .contains(http.answer("X-Request-Id"));
      return log.records();
    } finally {
      logger.removeHandler(log);
      logger.setUseParentHandlers(true);
    }
  }

  @Test
  void defect_isLoggedWithItsCauseAndTheRequest() throws IOException {
    IllegalStateException defect = new IllegalStateException("canary");
    assertThat(logged(500, defect).get(0).getThrown()).isSameAs(defect);
    assertThat(logged(500, null).get(0).getMessage()).contains("no cause");
  }

  @Test
  void pageStateThatDoesNotExist_isTheClientsFaultAndOneLine() throws IOException {
    for (Exception stale :
        List.of(
            new ServletException(new ViewExpiredException("/login")),
            new NonexistentConversationException("1"))) {
      assertThat(logged(400, stale).get(0).getThrown()).isNull();
    }
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
