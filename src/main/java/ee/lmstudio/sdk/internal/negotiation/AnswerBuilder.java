package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.internal.http.Failures;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.json.Surrogates;
import ee.lmstudio.sdk.internal.json.Utf8;
import ee.lmstudio.sdk.internal.json.ValueCount;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.GenerationRequest;
import ee.lmstudio.sdk.model.GenerationStats;
import ee.lmstudio.sdk.model.ReasoningSplitter;
import ee.lmstudio.sdk.model.ServerStats;
import ee.lmstudio.sdk.model.ToolCallAssembler;
import ee.lmstudio.sdk.model.Usage;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Assembles an answer from the chunks of one attempt. */
final class AnswerBuilder {
  /** Maximum size of text, reasoning and tool arguments of one answer together. */
  static final int MAX_BYTES = 16 << 20;

  /**
   * Size that is counted for a fragment of a tool call in addition to its text, so that empty
   * fragments are limited, too.
   */
  private static final int FRAGMENT = 64;

  /** Maximum number of tool calls of one answer. */
  static final int MAX_TOOL_CALLS = 1024;

  /** Maximum length of a model's name. A longer one is cut, because each event repeats it. */
  static final int LONGEST_MODEL = 512;

  private final GenerationRequest request;
  private final long posted = System.nanoTime();
  private final JoinedText content = new JoinedText();
  private final JoinedText reasoning = new JoinedText();
  private final ToolCallAssembler toolCalls = new ToolCallAssembler();
  private final Surrogates contentHalves = new Surrogates();
  private final Surrogates reasoningHalves = new Surrogates();

  /** Null for a completion, whose text is shown unchanged. */
  private final ReasoningSplitter splitter;

  private int size;
  private int textFragments;
  private boolean anything;
  private String model;
  private String finishReason;
  private JsonObject usage;
  private JsonObject whole;
  private KeptFields fields;
  private int keptValues;
  private Logprobs logprobs;
  private JsonArrayBuilder parts;
  private Map<String, List<String>> headers = Map.of();
  private long firstToken;
  private long lastToken;

  AnswerBuilder(GenerationRequest request) {
    this.request = request;
    this.splitter = request instanceof ChatRequest ? new ReasoningSplitter() : null;
  }

  void headers(Map<String, List<String>> all) {
    headers = all;
  }

  /** Takes the JSON of an answer that arrived whole. */
  void whole(JsonObject json) {
    whole = json;
  }

  /** Takes the fields of a chunk other than its delta. */
  void add(Chunk chunk) {
    if (chunk.finishReason() != null) {
      finishReason = chunk.finishReason();
    }
    if (chunk.rare() != null) {
      add(chunk.rare());
    }
    if (model == null && chunk.model() != null) {
      String name = chunk.model();
      model = name.length() <= LONGEST_MODEL ? name : name.substring(0, LONGEST_MODEL);
    }
  }

  private void add(RareFields rare) {
    usage = rare.usage == null ? usage : rare.usage;
    if (rare.logprobs != null) {
      logprobs = logprobs == null ? new Logprobs() : logprobs;
      keep(rare.logprobs);
      logprobs.add(rare.logprobs);
    }
    if (rare.parts != null) {
      parts = parts == null ? JSON.createArrayBuilder() : parts;
      for (JsonValue part : rare.parts) {
        keep(part);
        grow(FRAGMENT);
        parts.add(part);
      }
    }
    JsonObject more = rare.others();
    if (more != null) {
      fields = fields == null ? new KeptFields() : fields;
      fields.add(more);
    }
  }

  /** Counts the characters and the values of JSON that is kept until the end of the answer. */
  private void keep(JsonValue json) {
    String text = json.toString();
    grow(text.length());
    keptValues += ValueCount.of(text);
    if (keptValues > JsonText.MAX_VALUES) {
      throw tooLarge("The answer has more than " + JsonText.MAX_VALUES + " values");
    }
  }

  private void grow(int bytes) {
    size += bytes;
    if (size > MAX_BYTES) {
      throw tooLarge("The answer is larger than " + MAX_BYTES + " bytes");
    }
  }

  private static AnswerTooLargeException tooLarge(String what) {
    return new AnswerTooLargeException(what, "Set max_tokens.", null);
  }

  /** Takes a delta that is not empty. Returns the part to show, which may be empty. */
  Delta add(Delta delta) {
    grow(Utf8.length(delta.content()) + Utf8.length(delta.reasoning()));
    if (!delta.content().isEmpty() || !delta.reasoning().isEmpty()) {
      textFragments++;
    }
    lastToken = System.nanoTime();
    if (!anything) {
      anything = true;
      firstToken = lastToken;
    }
    Delta joined = withoutHalves(delta);
    Delta placed = joined.toolCalls().isEmpty() ? joined : withPlacedCalls(joined);
    Delta shown = splitter == null ? placed : splitter.split(placed);
    append(shown);
    return shown;
  }

  private Delta withoutHalves(Delta delta) {
    String visible = contentHalves.join(delta.content());
    String thought = reasoningHalves.join(delta.reasoning());
    return visible == delta.content() && thought == delta.reasoning()
        ? delta
        : new Delta(visible, thought, delta.toolCalls());
  }

  /** Gives each fragment the index of its call, so that observers can tell calls apart. */
  private Delta withPlacedCalls(Delta delta) {
    grow(toolCalls.add(delta.toolCalls()) + delta.toolCalls().size() * FRAGMENT);
    if (toolCalls.size() > MAX_TOOL_CALLS) {
      throw Failures.notLmStudio(
          "The answer has more than " + MAX_TOOL_CALLS + " tool calls", null);
    }
    return toolCalls.placed() == delta.toolCalls()
        ? delta
        : new Delta(delta.content(), delta.reasoning(), toolCalls.placed());
  }

  /** Ends the answer. Returns the text that was held back, which may be empty. */
  Delta rest() {
    Delta halves =
        new Delta(contentHalves.rest(), reasoningHalves.rest(), JsonValue.EMPTY_JSON_ARRAY);
    Delta rest = splitter == null ? halves : splitter.rest(halves);
    append(rest);
    return rest;
  }

  private void append(Delta delta) {
    content.append(delta.content());
    reasoning.append(delta.reasoning());
  }

  /** Returns the model that answers; null until a chunk has named it. */
  String model() {
    return model;
  }

  /** Returns whether another model than the requested one answers. */
  boolean byAnotherModel() {
    return model != null && request.model().filter(asked -> !asked.equals(model)).isPresent();
  }

  String modelWarning() {
    return "Model '%s' was requested, but '%s' answered"
        .formatted(request.model().orElse(""), model);
  }

  /** Returns whether text, reasoning or a tool fragment has arrived. */
  boolean hasText() {
    return anything;
  }

  /** Returns whether LM Studio has sent a finish reason. */
  boolean finished() {
    return finishReason != null;
  }

  Completion build(int attempts, boolean downgraded) {
    Usage counted = usage();
    JsonObject raw = raw();
    String answeredBy = model != null ? model : request.model().orElse("");
    return Completion.builder()
        .model(answeredBy)
        .content(content.toString())
        .reasoning(reasoning.toString())
        .toolCalls(toolCalls.calls())
        .finishReason(finishReason == null ? "stop" : finishReason)
        .usage(counted)
        .stats(stats(counted, raw))
        .logprobs(logprobs == null ? Optional.empty() : logprobs.all())
        .attempts(attempts)
        .downgraded(downgraded)
        .warnings(byAnotherModel() ? List.of(modelWarning()) : List.of())
        .raw(raw)
        .headers(headers)
        .build();
  }

  private JsonObject raw() {
    if (whole != null) {
      return whole;
    }
    JsonObject known = fields == null ? JsonValue.EMPTY_JSON_OBJECT : fields.all();
    if (parts == null) {
      return known;
    }
    return JSON.createObjectBuilder(known).add("content_parts", parts).build();
  }

  private Usage usage() {
    return Optional.ofNullable(usage)
        .flatMap(Usage::read)
        .orElseGet(() -> new Usage(request.estimatedPromptTokens(), textFragments, true));
  }

  private GenerationStats stats(Usage counted, JsonObject raw) {
    ServerStats serverStats = new ServerStats(JsonText.object(raw, "stats"));
    Duration whole = Duration.ofNanos(System.nanoTime() - posted);
    if (!anything) {
      return new GenerationStats(Optional.empty(), whole, 0, serverStats);
    }
    double seconds = (lastToken - firstToken) / 1e9;
    // Some servers report zero tokens although they have sent text.
    int after = Math.max(0, counted.completionTokens() - 1);
    double speed = textFragments > 1 && seconds > 0 ? after / seconds : 0;
    Duration first = Duration.ofNanos(firstToken - posted);
    return new GenerationStats(Optional.of(first), whole, speed, serverStats);
  }
}
