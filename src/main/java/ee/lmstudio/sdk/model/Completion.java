package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A whole answer, to a chat or a text.
 *
 * @param model who answered
 * @param content visible text; may be empty
 * @param reasoning text of the model's thinking, from {@code reasoning_content}, {@code reasoning}
 *     or, in a chat, between {@code <think>} and {@code </think>} where the text begins so; may be
 *     empty
 * @param toolCalls functions that the model wants called, put together from their fragments
 * @param finishReason {@code stop}, {@code length} or whatever LM Studio says; always {@code
 *     tool_calls} if the answer has tool calls, except that {@code length} stays if the arguments
 *     of the last call were cut
 * @param usage tokens, ours where LM Studio sends none
 * @param stats times and speed
 * @param logprobs how likely the tokens were, as LM Studio sends it; empty unless asked for
 * @param attempts how many streams were tried
 * @param downgraded whether the answer came by a plain call, or whole where a stream was due
 * @param warnings what the caller should know, such as another model than asked
 * @param raw the JSON of an answer that came whole; of a streamed one the fields beside its {@code
 *     choices} and {@code usage}, from the first chunk, {@code stats} and the like from the last,
 *     and {@code content_parts}: the parts of a content array that are neither text nor thinking
 * @param headers of the answer, names without regard to case
 */
public record Completion(
    String model,
    String content,
    String reasoning,
    List<ToolCall> toolCalls,
    String finishReason,
    Usage usage,
    GenerationStats stats,
    Optional<JsonObject> logprobs,
    int attempts,
    boolean downgraded,
    List<String> warnings,
    JsonObject raw,
    Map<String, List<String>> headers) {
  /** Checks that nothing is null, and copies the collections. */
  public Completion {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(reasoning, "reasoning");
    Objects.requireNonNull(finishReason, "finishReason");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(stats, "stats");
    Objects.requireNonNull(logprobs, "logprobs");
    Objects.requireNonNull(raw, "raw");
    toolCalls = List.copyOf(toolCalls);
    warnings = List.copyOf(warnings);
    Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    headers = Collections.unmodifiableMap(copy);
    finishReason = finishReason(finishReason, toolCalls);
  }

  /**
   * Some servers say {@code stop} after tool calls. An answer that was cut within the arguments of
   * its last call stays {@code length}, so that it does not look complete.
   */
  private static String finishReason(String stated, List<ToolCall> calls) {
    if (calls.isEmpty()) {
      return stated;
    }
    String last = calls.get(calls.size() - 1).arguments();
    boolean cut = stated.equals("length") && JsonText.read(last).isEmpty();
    return cut ? stated : "tool_calls";
  }

  /** {@return a builder of an answer that says nothing} */
  public static CompletionBuilder builder() {
    return new CompletionBuilder();
  }

  /** {@return a builder with the values of this answer} */
  public CompletionBuilder toBuilder() {
    return new CompletionBuilder(this);
  }

  /**
   * {@return the answer that LM Studio's {@code json} is} What it does not say is empty; without
   * {@code usage} the counts are zero and synthesised.
   *
   * @param json an answer that came whole
   */
  public static Completion of(JsonObject json) {
    return CompletionJson.read(json);
  }

  /** {@return the answer as LM Studio's JSON has it, with all fields that it had} */
  public JsonObject toJson() {
    return CompletionJson.write(this);
  }

  /** {@return what LM Studio calls this answer} */
  public Optional<String> id() {
    return JsonText.string(raw, "id");
  }

  /** {@return when LM Studio began it, by its clock} */
  public Optional<Instant> created() {
    return JsonText.moment(raw, "created");
  }

  /** {@return what answered; LM Studio says the model's name here} */
  public Optional<String> systemFingerprint() {
    return JsonText.string(raw, "system_fingerprint");
  }

  /** {@return LM Studio's {@code model_info}, which {@code /api/v0} sends} */
  public Optional<AnsweringModel> modelInfo() {
    return Optional.of(JsonText.object(raw, "model_info"))
        .filter(json -> !json.isEmpty())
        .map(AnsweringModel::new);
  }

  /** {@return LM Studio's {@code runtime}, which {@code /api/v0} sends} */
  public Optional<Engine> runtime() {
    return Optional.of(JsonText.object(raw, "runtime"))
        .filter(json -> !json.isEmpty())
        .map(Engine::new);
  }

  /** {@return how likely the tokens were; empty unless asked for, and sent} */
  public List<TokenLogprob> tokenLogprobs() {
    return logprobs.map(TokenLogprob::all).orElse(List.of());
  }

  /**
   * {@return whether the model wants functions called} Such an answer's {@link #finishReason()} is
   * {@code tool_calls}, unless it was cut within a call.
   */
  public boolean wantsTools() {
    return !toolCalls.isEmpty();
  }

  /** {@return whether the answer was cut at {@code max_tokens} or at the end of the context} */
  public boolean cut() {
    return finishReason.equals("length");
  }

  /**
   * {@return the JSON of a structured answer ({@link ResponseFormat#jsonSchema})} With a reasoning
   * model LM Studio puts it where the reasoning should be and leaves the content empty: then it is
   * taken from there. Empty if the answer is no JSON object, for one because it was {@link #cut()}.
   */
  public Optional<JsonObject> structured() {
    return JsonText.readObject(content.isBlank() ? reasoning : content);
  }

  /** {@return the message with which the next request of the same chat repeats this answer} */
  public Message toMessage() {
    return Message.assistant(content, toolCalls);
  }

  /** Model, sizes and finish reason only: the text is somebody's. */
  @Override
  public String toString() {
    return "Completion[%s, %d content, %d reasoning, %d tool calls, %s]"
        .formatted(model, content.length(), reasoning.length(), toolCalls.size(), finishReason);
  }
}
