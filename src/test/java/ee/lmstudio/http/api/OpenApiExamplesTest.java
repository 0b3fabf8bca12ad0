package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.error.ErrorCode;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document is valid and complete, and its examples match their schemas. */
class OpenApiExamplesTest {
  private final ContractDocument document = new ContractDocument();

  @Test
  void parserOfTheSpecification_hasNoComplaint() {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    options.setResolveFully(true);
    SwaggerParseResult result =
        new OpenAPIV3Parser().readContents(document.text(), List.of(), options);
    assertThat(result.getMessages()).isEmpty();
    assertThat(result.getOpenAPI().getPaths())
        .containsOnlyKeys(document.tree().get("paths").propertyNames().toArray(String[]::new));
  }

  @Test
  void everyOperation_hasASummaryAnIdAndATag() {
    List<String> tags = new ArrayList<>();
    document.tree().get("tags").forEach(tag -> tags.add(tag.get("name").asString()));
    Set<String> ids = new TreeSet<>();
    for (String name : document.operations()) {
      JsonNode operation = document.operation(name);
      assertThat(operation.path("summary").asString("")).as(name).isNotBlank();
      assertThat(ids.add(operation.path("operationId").asString(""))).as(name).isTrue();
      assertThat(tags).as(name).contains(operation.at("/tags/0").asString(""));
      assertThat(operation.get("responses").propertyNames())
          .as(name)
          .contains("421", "default")
          .anyMatch(status -> status.startsWith("2") || status.startsWith("3"));
    }
    assertThat(ids).hasSizeGreaterThan(20);
  }

  @Test
  void everyBody_hasAnExample() {
    eachContent(
        document.tree(),
        "",
        (place, type) -> assertThat(type.getValue().path("examples")).as(place).isNotEmpty());
  }

  @Test
  void everyExample_matchesItsSchema() {
    List<String> checked = new ArrayList<>();
    eachContent(
        document.tree(),
        "",
        (place, type) -> {
          for (JsonNode example : type.getValue().path("examples")) {
            JsonNode value = document.resolved(example).get("value");
            String body = value.isString() ? value.asString() : value.toString();
            JsonNode content = document.tree().at(place.replaceAll("/[^/]*$", ""));
            assertThat(document.faults(content, type.getKey(), body)).as(place).isEmpty();
            checked.add(place);
          }
        });
    assertThat(checked).hasSizeGreaterThan(60);
  }

  /** Otherwise, the tests that find no deviation would say nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'status':'error','error':{'code':'x','message':'m','hint':'h'}}",
        "{'status':'success','error':{'code':'x','message':'m','hint':'h'},'meta':{'request_id':'1'}}",
        "{'status':'error','error':{'code':null,'message':'m','hint':'h'},'meta':{'request_id':'1'}}",
        "{'status':'error','error':{'code':'x','message':'m','hint':'h','more':1},'meta':{'request_id':'1'}}",
        "{'status':'error','error':{'code':'x','message':'m','hint':'h'},'meta':{'request_id':'a"
            + " b'}}"
      })
  void deviation_isFound(String json) {
    assertThat(document.faults("#/components/schemas/Error", json.replace('\'', '"'))).hasSize(1);
  }

  @Test
  void deviationInAnEvent_isFound() {
    JsonNode content =
        document.answer("GET /api/v1/ai/lmstudio/streams/{id}", "200").get("content");
    for (String frame : List.of("event: started\ndata: {}\n\n", "event: other\ndata: {}\n\n")) {
      assertThat(document.faults(content, Api.EVENTS, frame)).isNotEmpty();
    }
    assertThat(document.faults(content, "text/html", "")).hasSize(1);
  }

  @Test
  void everyErrorCode_hasAnExample() {
    Set<String> shown = new TreeSet<>();
    for (JsonNode response : document.tree().at("/components/responses")) {
      response.at("/content/application~1json/examples").propertyNames().forEach(shown::add);
    }
    assertThat(shown).containsAll(Arrays.stream(ErrorCode.values()).map(ErrorCode::text).toList());
  }

  /** Visits the media types of every request and answer, with their places in the document. */
  private static void eachContent(
      JsonNode node, String place, BiConsumer<String, Map.Entry<String, JsonNode>> visitor) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String below = place + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
      if (field.getKey().equals("content") && !place.startsWith("/components/schemas")) {
        for (Map.Entry<String, JsonNode> type : field.getValue().properties()) {
          visitor.accept(below + "/" + type.getKey().replace("/", "~1"), type);
        }
      } else if (!place.startsWith("/components/examples") && !field.getKey().equals("examples")) {
        eachContent(field.getValue(), below, visitor);
      }
    }
  }
}
