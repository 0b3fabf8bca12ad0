package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.json.Utf8;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.GenerationRequest;
import ee.lmstudio.sdk.model.GenerationStats;
import ee.lmstudio.sdk.model.ToolCallAssembler;
import ee.lmstudio.sdk.model.Usage;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Puts an answer together from what one attempt brings. */
final class AnswerBuilder {
  /** Text, reasoning and tool arguments of one answer, together. */
  static final int MAX_BYTES = 16 << 20;

  /** What a fragment of a tool call counts beside its text: else empty ones could come for ever. */
  private static final int FRAGMENT = 64;

  private final GenerationRequest request;
  private final long posted = System.nanoTime();
  private final StringBuilder content = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final ToolCallAssembler toolCalls = new ToolCallAssembler();
  private int size;
  private int textFragments;
  private boolean anything;
  private String model;
  private String finishReason;
  private JsonObject usage;
  private JsonObject serverStats = JsonValue.EMPTY_JSON_OBJECT;
  private long firstToken;
  private long lastToken;

  AnswerBuilder(GenerationRequest request) {
    this.request = request;
  }

  /** Takes in what a chunk says beside its delta. */
  void add(Chunk chunk) {
    if (chunk.finishReason() != null) {
      finishReason = chunk.finishReason();
    }
    if (chunk.usage() != null) {
      usage = chunk.usage();
    }
    if (chunk.stats() != null) {
      serverStats = chunk.stats();
    }
    if (model == null) {
      model = chunk.model();
    }
  }

  /** Takes in a delta that is not empty. */
  void add(Delta delta) {
    size += Utf8.length(delta.content()) + Utf8.length(delta.reasoning());
    size += toolCalls.add(delta.toolCalls()) + delta.toolCalls().size() * FRAGMENT;
    if (size > MAX_BYTES) {
      throw new AnswerTooLargeException(
          "The answer is over " + MAX_BYTES + " bytes", "Set max_tokens.", null);
    }
    content.append(delta.content());
    reasoning.append(delta.reasoning());
    if (!delta.content().isEmpty() || !delta.reasoning().isEmpty()) {
      textFragments++;
    }
    lastToken = System.nanoTime();
    if (!anything) {
      anything = true;
      firstToken = lastToken;
    }
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
    return new Completion(
        answeredBy,
        content.toString(),
        reasoning.toString(),
        toolCalls.calls(),
        finishReason == null ? "stop" : finishReason,
        counted,
        stats(counted),
        attempts,
        downgraded,
        byAnotherModel() ? List.of(modelWarning()) : List.of());
  }

  private Usage usage() {
    if (usage != null) {
      OptionalInt prompt = count("prompt_tokens");
      OptionalInt completion = count("completion_tokens");
      if (prompt.isPresent() && completion.isPresent()) {
        return new Usage(prompt.getAsInt(), completion.getAsInt(), false);
      }
    }
    return new Usage(request.estimatedPromptTokens(), textFragments, true);
  }

  /** A number of tokens that LM Studio can mean. */
  private OptionalInt count(String name) {
    long count = JsonText.whole(usage, name).orElse(-1);
    return count >= 0 && count < 1 << 30 ? OptionalInt.of((int) count) : OptionalInt.empty();
  }

  private GenerationStats stats(Usage counted) {
    Duration whole = Duration.ofNanos(System.nanoTime() - posted);
    if (!anything) {
      return new GenerationStats(Optional.empty(), whole, 0, serverStats);
    }
    double seconds = (lastToken - firstToken) / 1e9;
    int after = counted.completionTokens() - 1;
    double speed = textFragments > 1 && seconds > 0 ? after / seconds : 0;
    Duration first = Duration.ofNanos(firstToken - posted);
    return new GenerationStats(Optional.of(first), whole, speed, serverStats);
  }
}
