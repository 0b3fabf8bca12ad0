package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.internal.json.JsonText;
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
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts an answer together from what one attempt brings. */
final class AnswerBuilder {
  /** Text, reasoning and tool arguments of one answer, together. */
  static final int MAX_BYTES = 16 << 20;

  /** Else every chunk could bring another one. */
  private static final int MAX_FIELDS = 100;

  /** What a fragment of a tool call counts beside its text: else empty ones could come for ever. */
  private static final int FRAGMENT = 64;

  private final GenerationRequest request;
  private final long posted = System.nanoTime();
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final ToolCallAssembler toolCalls = new ToolCallAssembler();

  /** A text that is continued is shown as it is. */
  private final ReasoningSplitter splitter;

  private int size;
  private int textFragments;
  private boolean anything;
  private String model;
  private String finishReason;
  private JsonObject usage;
  private JsonObject fields;
  private Logprobs logprobs;
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

  /** Whether the fields that each chunk repeats are not known yet. */
  boolean lacksFields() {
    return fields == null;
  }

  /** The answer came whole: this is all of it. */
  void whole(JsonObject json) {
    fields = json;
  }

  /** Takes in what a chunk says beside its delta. */
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

  /**
   * Takes in a delta that is not empty. Returns what there is to show of it, which may be nothing.
   */
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
    Delta placed = delta.toolCalls().isEmpty() ? delta : withPlacedCalls(delta);
    Delta shown = splitter == null ? placed : splitter.split(placed);
    append(shown);
    return shown;
  }

  /** Listeners, too, shall be able to tell one call from another. */
  private Delta withPlacedCalls(Delta delta) {
    grow(toolCalls.add(delta.toolCalls()) + delta.toolCalls().size() * FRAGMENT);
    return toolCalls.placed() == delta.toolCalls()
        ? delta
        : new Delta(delta.content(), delta.reasoning(), toolCalls.placed());
  }

  /** Nothing more comes. Returns what was held back till now, which may be nothing. */
  Delta rest() {
    Delta rest = splitter == null ? Delta.ofContent("") : splitter.rest();
    append(rest);
    return rest;
  }

  private void append(Delta delta) {
    content.append(delta.content());
    reasoning.append(delta.reasoning());
  }

  /** Who answers; null until a chunk said it. */
  String model() {
    return model;
  }

  /** Whether somebody else answers than was asked. */
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
    String answeredBy = model != null ? model : request.model().orElse("");
    return Completion.builder()
        .model(answeredBy)
        .content(content.toString())
        .reasoning(reasoning.toString())
        .toolCalls(toolCalls.calls())
        .finishReason(finishReason == null ? "stop" : finishReason)
        .usage(counted)
        .stats(stats(counted))
        .logprobs(logprobs == null ? Optional.empty() : logprobs.all())
        .attempts(attempts)
        .downgraded(downgraded)
        .warnings(byAnotherModel() ? List.of(modelWarning()) : List.of())
        .raw(raw())
        .headers(headers)
        .build();
  }

  private JsonObject raw() {
    return fields == null ? JsonValue.EMPTY_JSON_OBJECT : fields;
  }

  private Usage usage() {
    return Optional.ofNullable(usage)
        .flatMap(Usage::read)
        .orElseGet(() -> new Usage(request.estimatedPromptTokens(), textFragments, true));
  }

  private GenerationStats stats(Usage counted) {
    ServerStats serverStats = new ServerStats(JsonText.object(raw(), "stats"));
    Duration whole = Duration.ofNanos(System.nanoTime() - posted);
    if (!anything) {
      return new GenerationStats(Optional.empty(), whole, 0, serverStats);
    }
    double seconds = (lastToken - firstToken) / 1e9;
    // Some servers count none, whatever they sent.
    int after = Math.max(0, counted.completionTokens() - 1);
    double speed = textFragments > 1 && seconds > 0 ? after / seconds : 0;
    Duration first = Duration.ofNanos(firstToken - posted);
    return new GenerationStats(Optional.of(first), whole, speed, serverStats);
  }
}
