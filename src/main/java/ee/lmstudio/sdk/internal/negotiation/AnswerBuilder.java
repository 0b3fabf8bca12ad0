package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.json.Surrogates;
import ee.lmstudio.sdk.internal.json.Utf8;
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

/** Puts an answer together from the chunks of one attempt. */
final class AnswerBuilder {
  /** Text, reasoning and tool arguments of one answer, together. */
  static final int MAX_BYTES = 16 << 20;

  /** Without this limit, each chunk could add another field. */
  private static final int MAX_FIELDS = 100;

  /** What a fragment of a tool call counts beside its text, so that empty ones are bounded too. */
  private static final int FRAGMENT = 64;

  private final GenerationRequest request;
  private final long posted = System.nanoTime();
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final ToolCallAssembler toolCalls = new ToolCallAssembler();
  private final Surrogates contentHalves = new Surrogates();
  private final Surrogates reasoningHalves = new Surrogates();

  /** Null for a completion: a text that is continued is shown as it is. */
  private final ReasoningSplitter splitter;

  private int size;
  private int textFragments;
  private boolean anything;
  private String model;
  private String finishReason;
  private JsonObject usage;
  private JsonObject fields;
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

  /** The answer came whole, as this JSON. */
  void whole(JsonObject json) {
    fields = json;
  }

  /** Takes the fields of a chunk beside its delta. */
  void add(Chunk chunk) {
    if (chunk.finishReason() != null) {
      finishReason = chunk.finishReason();
    }
    if (chunk.rare() != null) {
      add(chunk.rare());
    }
    if (model == null) {
      model = chunk.model();
    }
  }

  private void add(RareFields rare) {
    usage = rare.usage == null ? usage : rare.usage;
    if (rare.logprobs != null) {
      logprobs = logprobs == null ? new Logprobs() : logprobs;
      grow(logprobs.add(rare.logprobs));
    }
    if (rare.parts != null) {
      parts = parts == null ? JSON.createArrayBuilder() : parts;
      for (JsonValue part : rare.parts) {
        grow(part.toString().length() + FRAGMENT);
        parts.add(part);
      }
    }
    JsonObject more = rare.others();
    if (more != null) {
      fields = fields == null ? more : joined(more);
    }
  }

  private JsonObject joined(JsonObject more) {
    JsonObject all =
        JSON.createObjectBuilder(fields).addAll(JSON.createObjectBuilder(more)).build();
    return all.size() <= MAX_FIELDS ? all : fields;
  }

  private void grow(int bytes) {
    size += bytes;
    if (size > MAX_BYTES) {
      throw new AnswerTooLargeException(
          "The answer is over " + MAX_BYTES + " bytes", "Set max_tokens.", null);
    }
  }

  /** Takes a delta that is not empty. Returns what there is to show of it, which may be nothing. */
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
    return toolCalls.placed() == delta.toolCalls()
        ? delta
        : new Delta(delta.content(), delta.reasoning(), toolCalls.placed());
  }

  /** Nothing more comes. Returns what was held back until now, which may be nothing. */
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

  /** The model that answers; null until a chunk named it. */
  String model() {
    return model;
  }

  /** Whether another model answers than was asked for. */
  boolean byAnotherModel() {
    return model != null && request.model().filter(asked -> !asked.equals(model)).isPresent();
  }

  String modelWarning() {
    return "Model '%s' was asked, '%s' answered".formatted(request.model().orElse(""), model);
  }

  /** Whether text, reasoning or a tool fragment came. */
  boolean hasText() {
    return anything;
  }

  /** Whether LM Studio said that it had finished. */
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
    JsonObject known = fields == null ? JsonValue.EMPTY_JSON_OBJECT : fields;
    if (parts == null || known.containsKey("choices")) {
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
    // Some servers count no tokens, whatever they sent.
    int after = Math.max(0, counted.completionTokens() - 1);
    double speed = textFragments > 1 && seconds > 0 ? after / seconds : 0;
    Duration first = Duration.ofNanos(firstToken - posted);
    return new GenerationStats(Optional.of(first), whole, speed, serverStats);
  }
}
