package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.http.Failures;
import ee.lmstudio.sdk.internal.json.ContentParts;
import ee.lmstudio.sdk.internal.json.HugeNumbers;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.Delta;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;

/**
 * Reads a chunk, or a whole answer, in OpenAI's format. It parses the JSON in one pass, because
 * this code runs for every token, and skips unknown fields.
 */
final class ChunkReader {
  private final String text;
  private final JsonParser json;
  private String model;
  private String content = "";
  private String reasoning = "";
  private JsonArray toolCalls = JsonValue.EMPTY_JSON_ARRAY;
  private String finishReason;
  private RareFields rare;
  private boolean hasChoices;
  private boolean isWhole;
  private final boolean named;
  private final boolean all;
  private final boolean onlyNeeded;

  private ChunkReader(
      String text, JsonParser json, boolean named, boolean all, boolean onlyNeeded) {
    this.text = text;
    this.json = json;
    this.named = named;
    this.all = all;
    this.onlyNeeded = onlyNeeded;
  }

  /**
   * Reads a chunk.
   *
   * @param named whether to read the model's name, which each chunk repeats
   * @param all whether to keep the other fields that each chunk repeats: id, kind, time,
   *     fingerprint
   * @throws BrokenStreamException if the text is not a JSON object, or has another shape
   * @throws ProtocolException if the text has too many values
   */
  static Chunk read(String text, boolean named, boolean all) throws BrokenStreamException {
    if (JsonText.isTooWide(text)) {
      throw Failures.notLmStudio(
          "LM Studio sent JSON with more than " + JsonText.MAX_VALUES + " values", null);
    }
    try {
      return read(text, named, all, false);
    } catch (RuntimeException unreadable) {
      // The parser throws a plain RuntimeException if the text is nested too deeply.
      return readNeeded(text, named);
    }
  }

  /**
   * Reads a chunk again without the fields that are only kept, and with huge numbers as texts,
   * because the parser refused a number or a depth.
   */
  private static Chunk readNeeded(String text, boolean named) throws BrokenStreamException {
    try {
      return read(text, named, false, true);
    } catch (RuntimeException unreadable) {
      throw new BrokenStreamException(
          "A chunk of the stream is not a JSON object in OpenAI's chunk format", null);
    }
  }

  private static Chunk read(String text, boolean named, boolean all, boolean onlyNeeded) {
    String readable = onlyNeeded ? HugeNumbers.asTexts(text) : text;
    try (JsonParser json = JsonText.parser(readable)) {
      return new ChunkReader(text, json, named, all, onlyNeeded).chunk();
    }
  }

  private Chunk chunk() {
    expect(json.next(), Event.START_OBJECT);
    while (json.next() == Event.KEY_NAME) {
      switch (json.getString()) {
        case "model" -> model();
        case "choices" -> choices();
        case "usage" -> usage();
        case "error" -> error();
        case "id", "object", "created", "system_fingerprint" -> {
          if (all) {
            keep();
          } else {
            skip(json.next());
          }
        }
        default -> keep();
      }
    }
    if (json.hasNext()) {
      throw new IllegalStateException("There is text after the chunk");
    }
    Delta delta = new Delta(content, reasoning, toolCalls);
    return new Chunk(text, model, delta, finishReason, rare, hasChoices, isWhole);
  }

  private void model() {
    if (named) {
      model = textOrNull(stringIfAny());
    } else {
      skip(json.next());
    }
  }

  private void usage() {
    if (onlyNeeded) {
      skip(json.next());
      return;
    }
    JsonObject usage = object();
    if (usage != null) {
      rare().usage = usage;
    }
  }

  private void error() {
    JsonValue error = value();
    if (error != null) {
      rare().error = error;
    }
  }

  private void logprobs() {
    JsonObject logprobs = object();
    if (logprobs != null) {
      rare().logprobs = logprobs;
    }
  }

  private RareFields rare() {
    if (rare == null) {
      rare = new RareFields();
    }
    return rare;
  }

  /** Reads the name again: names that are only compared are never allocated. */
  private void keep() {
    String name = json.getString();
    if (onlyNeeded) {
      skip(json.next());
      return;
    }
    json.next();
    rare().add(name, json.getValue());
  }

  private void choices() {
    Event start = json.next();
    if (start != Event.START_ARRAY) {
      skip(start);
      return;
    }
    boolean taken = false;
    for (Event next = json.next(); next != Event.END_ARRAY; next = json.next()) {
      if (next != Event.START_OBJECT) {
        skip(next);
        continue;
      }
      hasChoices = true;
      if (taken) {
        skip(next);
      } else {
        taken = choice();
      }
    }
  }

  /** Takes the first of several answers. Returns false for any other answer, which is skipped. */
  private boolean choice() {
    boolean first = true;
    while (json.next() == Event.KEY_NAME) {
      switch (json.getString()) {
        case "index" -> first = isFirst(json.next());
        case "delta" -> delta();
        case "message" -> {
          isWhole = true;
          delta();
        }
        case "text" -> content = orEmpty(stringIfAny());
        // Some servers send "" while the answer continues, which must not look complete.
        case "finish_reason" -> finishReason = textOrNull(stringIfAny());
        case "logprobs" -> logprobs();
        case "error" -> error();
        default -> skip(json.next());
      }
    }
    if (!first) {
      forgetChoice();
    }
    return first;
  }

  private boolean isFirst(Event index) {
    if (index == Event.VALUE_NUMBER) {
      return json.getInt() == 0;
    }
    skip(index);
    return true;
  }

  private void forgetChoice() {
    content = "";
    reasoning = "";
    toolCalls = JsonValue.EMPTY_JSON_ARRAY;
    finishReason = null;
    if (rare != null) {
      rare.logprobs = null;
      rare.error = null;
      rare.parts = null;
    }
  }

  private void delta() {
    Event start = json.next();
    if (start != Event.START_OBJECT) {
      skip(start);
      return;
    }
    while (json.next() == Event.KEY_NAME) {
      switch (json.getString()) {
        case "content" -> content();
        // Some servers send one or both of these fields, with the same text.
        case "reasoning_content", "reasoning" -> reasoning(stringIfAny());
        case "tool_calls" -> {
          Event next = json.next();
          if (next == Event.START_ARRAY) {
            toolCalls = objects(json.getArray());
          } else {
            skip(next);
          }
        }
        default -> skip(json.next());
      }
    }
  }

  private static JsonArray objects(JsonArray list) {
    return list.stream().allMatch(JsonObject.class::isInstance)
        ? list
        : JsonText.JSON
            .createArrayBuilder(list.stream().filter(JsonObject.class::isInstance).toList())
            .build();
  }

  private void reasoning(String text) {
    reasoning = text == null || text.isEmpty() ? reasoning : text;
  }

  private void content() {
    Event next = json.next();
    switch (next) {
      case VALUE_STRING, VALUE_NUMBER -> content = json.getString();
      case VALUE_NULL -> content = "";
      case START_ARRAY, START_OBJECT -> parts(ContentParts.of(json.getValue()));
      default -> skip(next);
    }
  }

  private void parts(ContentParts parts) {
    content = parts.text();
    reasoning(parts.reasoning());
    if (!parts.others().isEmpty()) {
      rare().parts = parts.others();
    }
  }

  /** Some servers send parts in place of a text, others an object that is not a text. */
  private String stringIfAny() {
    Event next = json.next();
    if (next == Event.VALUE_STRING) {
      return json.getString();
    }
    if (next == Event.START_ARRAY) {
      ContentParts parts = ContentParts.of(json.getValue());
      return parts.reasoning() + parts.text();
    }
    skip(next);
    return null;
  }

  private JsonObject object() {
    Event next = json.next();
    if (next == Event.START_OBJECT) {
      return json.getObject();
    }
    skip(next);
    return null;
  }

  private JsonValue value() {
    json.next();
    JsonValue value = json.getValue();
    return value == JsonValue.NULL ? null : value;
  }

  /**
   * Does not use skipObject and skipArray, because those of Parsson never return if the text ends
   * inside the value.
   */
  private void skip(Event first) {
    int depth = 0;
    Event event = first;
    while (true) {
      switch (event) {
        case START_OBJECT, START_ARRAY -> depth++;
        case END_OBJECT, END_ARRAY -> depth--;
        default -> {
          // Reading a single value has already skipped it.
        }
      }
      if (depth == 0) {
        return;
      }
      event = json.next();
    }
  }

  private static String textOrNull(String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static void expect(Event got, Event wanted) {
    if (got != wanted) {
      throw new IllegalStateException("Expected " + wanted + ", got " + got);
    }
  }
}
