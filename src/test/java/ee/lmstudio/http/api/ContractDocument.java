package ee.lmstudio.http.api;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The OpenAPI document, and a validator that compares JSON with its schemas. The schemas are
 * stricter here than in the document: an object has no other fields than those that its schema
 * lists, unless the schema says {@code additionalProperties: true}.
 */
final class ContractDocument {
  /** The methods of a path; its other fields are not operations. */
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  private static final String IRI = "https://lmstudio.invalid/openapi";

  private final String text;
  private final JsonNode tree;
  private final SchemaRegistry schemas;

  ContractDocument() {
    try (InputStream in = ApiApplication.class.getResourceAsStream("openapi.yaml")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    tree = new YAMLMapper().readTree(text);
    JsonNode strict = tree.deepCopy();
    listAllFields(strict.at("/components/schemas"));
    schemas =
        SchemaRegistry.withDialect(
            Dialects.getOpenApi30(), builder -> builder.schemas(Map.of(IRI, strict.toString())));
  }

  private static void listAllFields(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.path("type").asString("").equals("object")
        && object.has("properties")
        && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
    node.forEach(ContractDocument::listAllFields);
  }

  /** Returns the document as the server answers it. */
  String text() {
    return text;
  }

  JsonNode tree() {
    return tree;
  }

  /** Returns every operation, such as {@code GET /v1/models}. */
  Set<String> operations() {
    Set<String> all = new TreeSet<>();
    tree.get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .propertyNames()
                    .forEach(
                        method -> {
                          if (METHODS.contains(method)) {
                            all.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                          }
                        }));
    return all;
  }

  JsonNode operation(String name) {
    String[] parts = name.split(" ");
    return tree.get("paths").path(parts[1]).path(parts[0].toLowerCase(Locale.ROOT));
  }

  /** Returns the operations that list a status. */
  List<String> answering(int status) {
    return operations().stream()
        .filter(name -> operation(name).get("responses").has("" + status))
        .toList();
  }

  /** Returns an operation's answers: the status, and the media type if it has a body. */
  Set<String> answers(String operation) {
    Set<String> all = new TreeSet<>();
    for (Map.Entry<String, JsonNode> answer : operation(operation).get("responses").properties()) {
      JsonNode content = resolved(answer.getValue()).path("content");
      if (content.isEmpty()) {
        all.add(answer.getKey());
      }
      content.propertyNames().forEach(type -> all.add(answer.getKey() + " " + type));
    }
    return all;
  }

  /** Returns the description of an answer; the default one if the status is not listed. */
  JsonNode answer(String operation, String status) {
    return resolved(operation(operation).get("responses").path(status));
  }

  /** Follows a reference, if the node is one. */
  JsonNode resolved(JsonNode node) {
    String reference = node.path("$ref").asString("");
    return reference.isEmpty() ? node : tree.at(reference.substring(1));
  }

  /** Returns what is wrong with a body that a {@code content} describes. */
  List<String> faults(JsonNode content, String mediaType, String body) {
    JsonNode described =
        content.has(mediaType)
            ? content.get(mediaType)
            : content.path(mediaType.replaceAll("/.*", "/*"));
    if (described.isMissingNode()) {
      return List.of("The media type " + mediaType + " is not listed");
    }
    JsonNode schema = described.get("schema");
    JsonNode events = resolved(schema).path("x-event-data");
    if (!events.isMissingNode()) {
      return eventFaults(events, body);
    }
    return mediaType.equals(Api.JSON) ? faults(schema.path("$ref").asString(), body) : List.of();
  }

  /** Returns what is wrong with JSON that a schema of the document describes. */
  List<String> faults(String reference, String json) {
    return schemas
        .getSchema(SchemaLocation.of(IRI + reference))
        .validate(json, InputFormat.JSON)
        .stream()
        .map(error -> reference + error)
        .toList();
  }

  /** Returns what is wrong with the frames of an event stream. */
  private List<String> eventFaults(JsonNode events, String stream) {
    List<String> faults = new ArrayList<>();
    for (String frame : stream.split("\n\n")) {
      Frame read = Frame.of(frame);
      if (!read.data().isEmpty() && !read.data().equals("[DONE]")) {
        JsonNode schema = events.path(read.event());
        faults.addAll(
            schema.isMissingNode()
                ? List.of("No event is named " + read.event())
                : faults(schema.asString(), read.data()));
      }
    }
    return faults;
  }

  private record Frame(String event, String data) {
    static Frame of(String frame) {
      return new Frame(field(frame, "event: ", "message"), field(frame, "data: ", ""));
    }

    private static String field(String frame, String name, String otherwise) {
      Stream<String> lines = frame.lines().filter(line -> line.startsWith(name));
      return lines.map(line -> line.substring(name.length())).findFirst().orElse(otherwise);
    }
  }
}
