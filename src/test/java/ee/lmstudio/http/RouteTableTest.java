package ee.lmstudio.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.annotation.WebServlet;
import jakarta.ws.rs.ApplicationPath;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("ee.lmstudio");

  /** The whole table: prefix, access, errors, methods, body, feature. */
  @Test
  void table_isThis() {
    assertThat(RouteTable.rows().stream().map(RouteTableTest::line))
        .containsExactly(
            "/api/*                    API       ENVELOPE by resource             JSON      NONE",
            "/v1/audio/transcriptions/* API       OPENAI   by resource             FILE      AUDIO",
            "/v1/audio/translations/*  API       OPENAI   by resource             FILE      AUDIO",
            "/v1/audio/*               API       OPENAI   by resource             JSON      AUDIO",
            "/v1/images/*              API       OPENAI   by resource             JSON      IMAGES",
            "/v1/*                     API       OPENAI   by resource             JSON      NONE",
            "/openapi/*                SIGNED_IN ENVELOPE GET, HEAD, OPTIONS      NONE      NONE",
            "/metrics/*                SIGNED_IN ENVELOPE GET, HEAD, OPTIONS      NONE      NONE",
            "/health/*                 OPEN      ENVELOPE GET, HEAD, OPTIONS      NONE      NONE",
            "/simulator/*              SIMULATOR ENVELOPE by resource             SIMULATOR NONE",
            "/login                    OPEN      PAGE     GET, HEAD, OPTIONS, POST FORM      NONE",
            "/logout                   SIGNED_IN PAGE     OPTIONS, POST           FORM      NONE",
            "/js/*                     FILES     PAGE     GET, HEAD, OPTIONS      NONE      NONE",
            "/css/*                    FILES     PAGE     GET, HEAD, OPTIONS      NONE      NONE",
            "/jakarta.faces.resource/* FILES     PAGE     GET, HEAD, OPTIONS      NONE      NONE",
            "/favicon.ico              FILES     PAGE     GET, HEAD, OPTIONS      NONE      NONE",
            "/favicon.svg              FILES     PAGE     GET, HEAD, OPTIONS      NONE      NONE",
            "/manifest.webmanifest     FILES     PAGE     GET, HEAD, OPTIONS      NONE      NONE",
            "/*                        SIGNED_IN PAGE     GET, HEAD, OPTIONS, POST FORM      NONE");
  }

  private static String line(Route row) {
    Route.Limits limits = row.limits();
    return "%-25s %-9s %-8s %-23s %-9s %s"
        .formatted(
            row.path() + (row.coversBelow() ? "/*" : ""),
            row.access(),
            row.errors(),
            limits.methods().isEmpty() ? "by resource" : limits.allow(),
            limits.body(),
            row.feature());
  }

  @ParameterizedTest
  @CsvSource({
    "/api, /api",
    "/api/v1/ai/lmstudio/infer, /api",
    "/apix, ''",
    "/v1, /v1",
    "/v1/models/a/b, /v1",
    "/v1/audio/speech, /v1/audio",
    "/v1/audio/transcriptions, /v1/audio/transcriptions",
    "/v1/audiox, /v1",
    "/v10, ''",
    "/V1/models, ''",
    "/health, /health",
    "/health/ready, /health",
    "/healthy, ''",
    "/metrics/base, /metrics",
    "/login, /login",
    "/login.xhtml, ''",
    "/login/x, ''",
    "/js/sdk/client.js, /js",
    "/jsx, ''",
    "/, ''",
    "'', ''",
    "/ai/lmstudio/demo, ''",
    "/js/.., ''",
    "/health/../api, ''",
    "/login/../api, ''",
    "/api/.., /api",
  })
  void path_hasTheRowOfItsPrefix(String path, String row) {
    assertThat(RouteTable.find(path).path()).isEqualTo(row);
  }

  /** What the container refused before any filter saw it, by the raw URI that failed. */
  @ParameterizedTest
  @CsvSource({
    "/app/v1/x, /v1",
    "/app/%761/x, /v1",
    "/app/%2fv1, /v1",
    "/app//v1/x, /v1",
    "/app/v1;a=b/x, /v1",
    "/app/api/a+b, /api",
    "/app/v1, /v1",
    "/app/api/%zz, /api",
    "/v1, /v1",
    "/app/v1%zz, ''",
    "/app, ''",
  })
  void rawUri_meansWhatTheContainerReads(String uri, String row) {
    FakeHttp http = FakeHttp.get("/error");
    http.context = "/app";
    http.dispatcher = DispatcherType.ERROR;
    http.attributes.put(RequestDispatcher.ERROR_REQUEST_URI, uri);
    assertThat(RouteTable.of(http.request()).path()).isEqualTo(row);
  }

  @Test
  void assignedRoute_isKept() {
    FakeHttp http = FakeHttp.get("/simulator/v1/models");
    assertThat(RouteTable.assign(http.request(), true).access()).isEqualTo(Route.Access.SIMULATOR);
    assertThat(RouteTable.assign(http.request(), false).access()).isEqualTo(Route.Access.SIGNED_IN);
    http.attributes.put(RequestDispatcher.ERROR_REQUEST_URI, "/v1/x");
    assertThat(RouteTable.of(http.request()).path()).isEqualTo("/simulator");
  }

  /**
   * A servlet outside of every row would be a page: its anonymous callers would be sent to /login.
   */
  @Test
  void everyServletAndApplication_hasARow() {
    Set<String> withoutRow = new TreeSet<>();
    Set<String> withRow = new TreeSet<>();
    PRODUCT.stream()
        .flatMap(type -> patterns(type.reflect()))
        .map(pattern -> pattern.replaceAll("/\\*$", ""))
        .forEach(path -> (RouteTable.find(path).path().isEmpty() ? withoutRow : withRow).add(path));

    assertThat(withRow)
        .contains(
            "/api", "/api/v1/ai/lmstudio", "/v1", "/health", "/openapi", "/logout", "/simulator");
    assertThat(withoutRow)
        .as("the error page, directories, and what all requests pass")
        .containsExactlyInAnyOrder("", "/error", "/ai", "/ai/lmstudio");
  }

  private static Stream<String> patterns(Class<?> type) {
    WebServlet servlet = type.getAnnotation(WebServlet.class);
    WebFilter filter = type.getAnnotation(WebFilter.class);
    ApplicationPath application = type.getAnnotation(ApplicationPath.class);
    return Stream.of(
            servlet == null ? new String[0] : servlet.urlPatterns(),
            servlet == null ? new String[0] : servlet.value(),
            filter == null ? new String[0] : filter.urlPatterns(),
            application == null ? new String[0] : new String[] {application.value()})
        .flatMap(Arrays::stream);
  }
}
