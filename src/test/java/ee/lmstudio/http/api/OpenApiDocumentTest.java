package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.Route;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.openai.OpenAiApplication;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Application;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import wiremock.com.fasterxml.jackson.databind.JsonNode;
import wiremock.com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** The OpenAPI document says what the code offers. */
class OpenApiDocumentTest {
  private static final Set<String> VERBS = Set.of("get", "post", "put", "patch", "delete");
  private static final String RESPONSES = "#/components/responses/";

  /** Relayed endpoints answer with LM Studio's own errors, too. */
  private static final Map<Route.ErrorFormat, Set<String>> ERRORS =
      Map.of(
          Route.ErrorFormat.ENVELOPE, Set.of(RESPONSES + "Error"),
          Route.ErrorFormat.OPENAI, Set.of(RESPONSES + "OpenAiError", RESPONSES + "RelayedError"));

  private final JsonNode document = read();

  @Test
  void everyOperationOfTheResources_isInTheDocumentAndNoOther() {
    Set<String> offered = operations(ApiApplication.PATH, new ApiApplication());
    offered.addAll(operations(RouteTable.OPENAI_ROOT, new OpenAiApplication()));
    offered.removeIf(operation -> operation.endsWith(" /v1/{path}")); // lm-studio.relay-paths
    Set<String> documented = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(verb -> documented.add(verb + " " + path.getKey())));
    documented.removeIf(line -> line.startsWith("param"));
    documented.removeIf(line -> !line.contains(" /api/") && !line.contains(" /v1/"));
    assertThat(documented).isEqualTo(offered).isNotEmpty();
  }

  private static Set<String> operations(String root, Application application) {
    Set<String> offered = new TreeSet<>();
    for (Class<?> type : application.getClasses()) {
      for (Method method : type.getDeclaredMethods()) {
        for (Annotation annotation : method.getAnnotations()) {
          HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
          if (verb != null) {
            offered.add(verb.value().toLowerCase(Locale.ROOT) + " " + root + path(type, method));
          }
        }
      }
    }
    return offered;
  }

  /** The table of routes says who may call what, by which methods and in which form errors come. */
  @Test
  void everyOperation_isAsItsRouteSays() {
    document
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue().properties().stream()
                    .filter(operation -> VERBS.contains(operation.getKey()))
                    .forEach(
                        operation ->
                            isAsItsRouteSays(
                                RouteTable.find(path.getKey()),
                                operation.getKey().toUpperCase(Locale.ROOT),
                                operation.getValue())));
  }

  private static void isAsItsRouteSays(Route route, String verb, JsonNode operation) {
    assertThat(operation.path("security").isArray())
        .as("%s needs no sign-in", route.path())
        .isEqualTo(!route.needsSignIn());
    assertThat(route.limits().allows(verb)).as("%s %s", verb, route.path()).isTrue();
    if (route.isApi()) {
      assertThat(operation.at("/responses/default/$ref").asText()).isIn(ERRORS.get(route.errors()));
    }
  }

  @Test
  void everyFieldOfInfer_isInTheDocumentAndNoOther() {
    Set<String> documented = new TreeSet<>();
    document
        .at("/components/schemas/Infer/properties")
        .fieldNames()
        .forEachRemaining(documented::add);
    assertThat(documented).isEqualTo(new TreeSet<>(InferFields.ALL));
  }

  /** Returns the path of an operation without the patterns of its parameters. */
  private static String path(Class<?> type, Method method) {
    Path own = method.getAnnotation(Path.class);
    String below = type.getAnnotation(Path.class).value();
    String path = (below.isEmpty() ? "" : "/" + below) + (own == null ? "" : "/" + own.value());
    return path.replaceAll(":[^}]*", "");
  }

  private static JsonNode read() {
    try (InputStream in = ApiApplication.class.getResourceAsStream("openapi.yaml")) {
      return new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
