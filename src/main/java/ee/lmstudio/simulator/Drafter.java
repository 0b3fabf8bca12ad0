package ee.lmstudio.simulator;

import ee.lmstudio.simulator.schema.NoValue;
import ee.lmstudio.simulator.schema.SchemaExample;
import ee.lmstudio.simulator.writing.Author;
import ee.lmstudio.simulator.writing.Question;
import ee.lmstudio.simulator.writing.Tokens;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Creates one draft: chooses the kind of answer and cuts it to the allowed length. */
final class Drafter {
  private static final int NAMING_LETTERS = 4;

  private final CheckedRequest request;
  private final SimulatedModel model;
  private final SimulatedVersion version;
  private final RandomGenerator random;

  Drafter(
      CheckedRequest request,
      SimulatedModel model,
      SimulatedVersion version,
      RandomGenerator random) {
    this.request = request;
    this.model = model;
    this.version = version;
    this.random = random;
  }

  /** Returns the draft for a chat. */
  Draft chat(Optional<String> wantedText) {
    Question question = request.prompt().question();
    Author author = new Author(question, random);
    boolean thinks = model.kind() == SimulatedModel.Kind.REASONING && request.thinks();
    String reasoning = thinks ? author.reasoning() : "";
    if (wantedText.isPresent()) {
      return cut(reasoning, wantedText.get());
    }
    Optional<JsonObject> tool = tool(question);
    if (tool.isPresent()) {
      return new Draft(
          Tokens.of(reasoning),
          List.of(),
          Optional.of(call(tool.get(), question)),
          Draft.Ending.TOOL_CALL,
          Optional.empty());
    }
    if (request.schema().isPresent()) {
      String json = structured(request.schema().get(), question);
      // A reasoning model puts its JSON into the reasoning.
      return thinks ? cut(json, "") : cut("", json);
    }
    String text = request.prompt().toolResult().map(author::afterTool).orElseGet(author::answer);
    return thinks ? thoughtful(reasoning, text) : cut("", text);
  }

  private String structured(JsonValue schema, Question question) {
    try {
      return new SchemaExample(question, random).of(schema).toString();
    } catch (NoValue none) {
      throw Refusal.text(
          400, "'response_format.json_schema.schema' cannot be followed: " + none.getMessage());
    }
  }

  /** Returns the draft for a completion. */
  Draft completion(Optional<String> wantedText) {
    Author author = new Author(request.prompt().question(), random);
    return cut("", wantedText.orElseGet(author::continuation));
  }

  private Draft thoughtful(String reasoning, String text) {
    return version.hasToolsAndReasoning()
        ? cut(reasoning, "\n\n" + text)
        : cut("", "<think>\n" + reasoning + "\n</think>\n\n" + text);
  }

  private Draft cut(String reasoning, String text) {
    Optional<String> stopText = Optional.empty();
    int end = text.length();
    for (String stop : request.delivery().stops()) {
      int found = text.indexOf(stop);
      if (found >= 0 && found < end) {
        end = found;
        stopText = Optional.of(stop);
      }
    }
    List<String> thoughts = Tokens.of(reasoning);
    List<String> tokens = Tokens.of(text.substring(0, end));
    int room = model.contextLength() - request.promptTokens();
    int limit = (int) Math.min(request.delivery().maxTokens(), Math.max(0, room));
    if (thoughts.size() + tokens.size() <= limit) {
      Draft.Ending ending = stopText.isPresent() ? Draft.Ending.STOP_STRING : Draft.Ending.DONE;
      return new Draft(thoughts, tokens, Optional.empty(), ending, stopText);
    }
    int thoughtsKept = Math.min(limit, thoughts.size());
    return new Draft(
        thoughts.subList(0, thoughtsKept),
        tokens.subList(0, limit - thoughtsKept),
        Optional.empty(),
        Draft.Ending.LENGTH,
        Optional.empty());
  }

  /** Returns the tool that the question asks for; empty if its result is already in the chat. */
  private Optional<JsonObject> tool(Question question) {
    JsonArray tools = request.tools();
    boolean off =
        tools.isEmpty()
            || !version.hasToolsAndReasoning()
            || request.toolChoice().equals("none")
            || request.prompt().toolResult().isPresent();
    if (off) {
      return Optional.empty();
    }
    List<JsonObject> functions =
        tools.stream()
            .filter(JsonObject.class::isInstance)
            .map(tool -> tool.asJsonObject().get("function"))
            .filter(JsonObject.class::isInstance)
            .map(JsonValue::asJsonObject)
            .filter(function -> function.get("name") instanceof JsonString)
            .toList();
    Optional<JsonObject> asked =
        functions.stream()
            .filter(function -> isAskedFor(function.getString("name"), question))
            .findFirst();
    return request.toolChoice().equals("required")
        ? asked.or(() -> functions.stream().findFirst())
        : asked;
  }

  /** Returns whether a question contains the name of a tool, or a word of it. */
  static boolean isAskedFor(String tool, Question question) {
    for (String word : tool.split("(?=\\p{Lu})|[^\\p{L}]+")) {
      if (word.length() >= NAMING_LETTERS && question.mentions(word)) {
        return true;
      }
    }
    return question.mentions(tool);
  }

  private Draft.ToolCall call(JsonObject function, Question question) {
    JsonValue parameters = function.get("parameters");
    JsonValue schema = parameters instanceof JsonObject ? parameters : JsonValue.TRUE;
    String name = function.getString("name");
    try {
      String json = new SchemaExample(question, random).objectOf(schema).toString();
      String id = Integer.toString(random.nextInt(100_000_000, 1_000_000_000));
      return new Draft.ToolCall(id, name, Tokens.of(json));
    } catch (NoValue none) {
      throw Refusal.text(
          400, "The 'parameters' of tool '" + name + "' cannot be followed: " + none.getMessage());
    }
  }
}
