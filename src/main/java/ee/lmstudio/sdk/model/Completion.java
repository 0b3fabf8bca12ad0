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
 * Holds the whole answer to a chat, or the whole continuation of a text.
 *
 * @param model id of the model that answered
 * @param content visible text; may be empty
 * @param reasoning the model's reasoning text, from {@code reasoning_content} or {@code reasoning}.
 *     If the answer to a chat begins with {@code <think>}, the text up to {@code </think>} is the
 *     reasoning. May be empty
 * @param toolCalls functions that the model wants called, assembled from their fragments
 * @param finishReason {@code stop}, {@code length} or another value that LM Studio sent; always
 *     {@code tool_calls} if the answer has tool calls, except that {@code length} stays if the
 *     arguments of the last call were cut
 * @param usage numbers of tokens, counted by the SDK if LM Studio sends none
 * @param stats times and speed
 * @param logprobs log probabilities of the tokens as LM Studio sent them; empty unless requested
 * @param attempts number of streams that were tried
 * @param downgraded whether the answer arrived whole although a stream was requested, or came from
 *     a plain call after broken streams
 * @param warnings texts that the caller should know, such as that another model than the requested
 *     one answered
 * @param raw JSON of the answer. For an answer that was not streamed: the whole body. For a
 *     streamed answer: the fields of the first chunk except {@code choices} and {@code usage},
 *     {@code stats} and similar fields of the last chunk, and {@code content_parts}, the parts of a
 *     content array that are neither text nor reasoning
 * @param headers headers of the answer; names ignore case
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
   * Some servers send {@code stop} after tool calls. If the answer was cut within the arguments of
   * its last call, {@code length} stays, so that the answer does not look complete.
   */
  private static String finishReason(String stated, List<ToolCall> calls) {
    if (calls.isEmpty()) {
      return stated;
    }
    String last = calls.get(calls.size() - 1).arguments();
    boolean cut = stated.equals("length") && JsonText.read(last).isEmpty();
    return cut ? stated : "tool_calls";
  }

  /** {@return a builder of an empty answer} */
  public static CompletionBuilder builder() {
    return new CompletionBuilder();
  }

  /** {@return a builder with the values of this answer} */
  public CompletionBuilder toBuilder() {
    return new CompletionBuilder(this);
  }

  /**
   * {@return the answer read from {@code json}} Values that are not in {@code json} are empty;
   * without {@code usage} the counts are zero and synthesized.
   *
   * @param json the body of an answer that was not streamed
   */
  public static Completion of(JsonObject json) {
    return CompletionJson.read(json);
  }

  /** {@return the answer as JSON in LM Studio's format, with all fields that it had} */
  public JsonObject toJson() {
    return CompletionJson.write(this);
  }

  /** {@return LM Studio's id of this answer} */
  public Optional<String> id() {
    return JsonText.string(raw, "id");
  }

  /** {@return the time at which LM Studio started the answer, by its clock} */
  public Optional<Instant> created() {
    return JsonText.moment(raw, "created");
  }

  /** {@return {@code system_fingerprint}; LM Studio sends the model's name here} */
  public Optional<String> systemFingerprint() {
    return JsonText.string(raw, "system_fingerprint");
  }

  /** {@return LM Studio's {@code model_info}, which only {@code /api/v0} sends} */
  public Optional<AnsweringModel> modelInfo() {
    return Optional.of(JsonText.object(raw, "model_info"))
        .filter(json -> !json.isEmpty())
        .map(AnsweringModel::new);
  }

  /** {@return LM Studio's {@code runtime}, which only {@code /api/v0} sends} */
  public Optional<Engine> runtime() {
    return Optional.of(JsonText.object(raw, "runtime"))
        .filter(json -> !json.isEmpty())
        .map(Engine::new);
  }

  /** {@return the log probabilities of the tokens; empty unless requested and sent} */
  public List<TokenLogprob> tokenLogprobs() {
    return logprobs.map(TokenLogprob::all).orElse(List.of());
  }

  /**
   * {@return whether the model wants functions called} If so, {@link #finishReason()} is {@code
   * tool_calls}, unless the answer was cut within a call.
   */
  public boolean wantsTools() {
    return !toolCalls.isEmpty();
  }

  /** {@return whether the answer was cut at {@code max_tokens} or at the end of the context} */
  public boolean cut() {
    return finishReason.equals("length");
  }

  /**
   * {@return the JSON of a structured answer ({@link ResponseFormat#jsonSchema})} With some
   * reasoning models, LM Studio sends this JSON as the reasoning and leaves the content empty; in
   * that case the JSON is read from the reasoning. The result is empty if the answer is not a JSON
   * object, for example because it was {@link #cut()}.
   */
  public Optional<JsonObject> structured() {
    return JsonText.readObject(content.isBlank() ? reasoning : content);
  }

  /** {@return this answer as a message for the next request of the same chat} */
  public Message toMessage() {
    return Message.assistant(content, toolCalls);
  }

  /** Returns the model, the sizes and the finish reason only, because the text may be private. */
  @Override
  public String toString() {
    return "Completion[%s, %d content, %d reasoning, %d tool calls, %s]"
        .formatted(model, content.length(), reasoning.length(), toolCalls.size(), finishReason);
  }
}
