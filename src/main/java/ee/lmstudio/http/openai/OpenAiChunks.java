package ee.lmstudio.http.openai;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.http.error.ErrorTable;
import ee.lmstudio.http.error.OpenAiError;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Failure;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamLog;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says which chunks the entries of a log have in OpenAI's format. LM Studio's own chunks are passed
 * on byte for byte, except where OpenAI's clients would read them wrongly. This class makes chunks
 * for text that did not arrive in chunks, and for errors. For any thread.
 */
final class OpenAiChunks {
  private static final String TOOL_CALLS = "tool_calls";
  private static final String FINISH_REASON = "finish_reason";
  private static final String CHOICES = "choices";
  private static final String USAGE = "usage";

  private final StreamLog log;

  OpenAiChunks(StreamLog log) {
    this.log = log;
  }

  /** Returns the chunks of one entry, each as one JSON object. */
  List<String> of(Entry entry) {
    return switch (entry.event()) {
      case StreamEvent.Piece(Delta delta) -> ofPiece(entry, delta);
      case StreamEvent.Completed completed -> ofEnd(entry, completed);
      case StreamEvent.Failed(Failure failure) -> List.of(error(entry, ErrorTable.of(failure)));
      case StreamEvent.Cancelled cancelled -> List.of(error(entry, cancelled(cancelled)));
      case StreamEvent.Reset reset -> List.of(error(entry, RESET));
      case StreamEvent.Started started -> List.of();
      case StreamEvent.Progress progress -> List.of();
      case StreamEvent.Relayed relayed -> List.of();
      case StreamEvent.Downgraded downgraded -> List.of();
    };
  }

  private static final ApiError RESET =
      ApiError.of(
          ErrorCode.UPSTREAM_ERROR,
          "The connection to LM Studio broke, and LM Studio has begun the answer again.",
          "Discard the text, and read the stream again from its beginning.");

  static ApiError cancelled(StreamEvent.Cancelled cancelled) {
    return ApiError.of(
        ErrorCode.CANCELLED,
        "The stream was cancelled before it ended (by %s).".formatted(cancelled.by().text()),
        "The text so far is not complete. Send the request again.");
  }

  private List<String> ofPiece(Entry entry, Delta delta) {
    List<String> chunks = entry.json();
    if (chunks.isEmpty()) {
      return isMadeHere(entry) ? List.of(made(entry, delta)) : List.of();
    }
    if (entry.chunks().whole().isEmpty()) {
      return chunks; // An earlier chunk of the same form needed no change.
    }
    return chunks.stream()
        .flatMap(json -> adapted(json, delta, !delta.toolCalls().isEmpty()).stream())
        .toList();
  }

  private List<String> ofEnd(Entry entry, StreamEvent.Completed completed) {
    List<String> chunks = new ArrayList<>();
    boolean callsTools = completed.finishReason().equals(TOOL_CALLS);
    for (String json : entry.json()) {
      adapted(json, null, callsTools).ifPresent(chunks::add);
    }
    List<JsonObject> last = lastChunks(entry);
    if (last.stream().noneMatch(OpenAiChunks::finishes)) {
      chunks.addFirst(finish(entry, completed.finishReason()));
    }
    if (log.head().content().usageChunk() && last.stream().noneMatch(c -> isObject(c, USAGE))) {
      chunks.add(
          skeleton(entry)
              .add(CHOICES, JsonValue.EMPTY_JSON_ARRAY)
              .add(USAGE, completed.usage())
              .build()
              .toString());
    }
    return chunks;
  }

  /** Returns the chunks of the last entry, and those of the last text before it. */
  private List<JsonObject> lastChunks(Entry end) {
    List<String> texts = new ArrayList<>(end.json());
    for (long cursor = end.cursor() - 1; cursor > 0; cursor--) {
      Entry before = log.entry(cursor);
      if (before.event() instanceof StreamEvent.Piece) {
        texts.addAll(before.json());
        if (!before.json().isEmpty() || isMadeHere(before)) {
          break;
        }
      }
    }
    return texts.stream().flatMap(json -> JsonText.readObject(json).stream()).toList();
  }

  private static boolean finishes(JsonObject chunk) {
    return JsonText.objects(chunk, CHOICES)
        .anyMatch(
            choice -> JsonText.string(choice, FINISH_REASON).filter(s -> !s.isEmpty()).isPresent());
  }

  private static boolean isObject(JsonObject chunk, String field) {
    return chunk.get(field) instanceof JsonObject;
  }

  /**
   * Returns whether the text of an entry came without chunks, because LM Studio's answer was not
   * streamed. Text without chunks in a streamed answer was in an earlier chunk.
   */
  boolean isMadeHere(Entry entry) {
    for (long cursor = entry.cursor() - 1; cursor > 0; cursor--) {
      Entry before = log.entry(cursor);
      if (before.event() instanceof StreamEvent.Downgraded) {
        return true;
      }
      if (!before.json().isEmpty()) {
        return false;
      }
    }
    return false;
  }

  /** Returns a chunk as the client gets it; empty if the client gets none. */
  private Optional<String> adapted(String json, Delta delta, boolean callsTools) {
    JsonObject chunk = JsonText.readObject(json).orElse(null);
    if (chunk == null) {
      return Optional.of(json); // It has a number that the parser refuses.
    }
    if (!(chunk.get(CHOICES) instanceof JsonArray choices) || choices.isEmpty()) {
      if (isObject(chunk, USAGE) && !log.head().content().usageChunk()) {
        return Optional.empty();
      }
      return Optional.of(
          chunk.get(CHOICES) instanceof JsonArray
              ? json
              : JSON.createObjectBuilder(chunk)
                  .add(CHOICES, JsonValue.EMPTY_JSON_ARRAY)
                  .build()
                  .toString());
    }
    JsonArrayBuilder adapted = JSON.createArrayBuilder();
    choices.forEach(
        choice ->
            adapted.add(
                choice instanceof JsonObject object ? choice(object, delta, callsTools) : choice));
    JsonArray all = adapted.build();
    return Optional.of(
        all.equals(choices)
            ? json
            : JSON.createObjectBuilder(chunk).add(CHOICES, all).build().toString());
  }

  /**
   * Returns a choice with two corrections. Fragments of tool calls need the index of their call. An
   * answer that ends with tool calls needs that as its finish reason; LM Studio 0.3.13 said {@code
   * stop}.
   */
  private static JsonObject choice(JsonObject choice, Delta delta, boolean callsTools) {
    JsonObject changed = choice;
    if (callsTools && JsonText.string(choice, FINISH_REASON).filter("stop"::equals).isPresent()) {
      changed = JSON.createObjectBuilder(changed).add(FINISH_REASON, TOOL_CALLS).build();
    }
    if (delta != null
        && JsonText.whole(choice, "index").orElse(0) == 0
        && !delta.toolCalls().isEmpty()
        && choice.get("delta") instanceof JsonObject raw
        && raw.get(TOOL_CALLS) instanceof JsonArray calls
        && !calls.equals(delta.toolCalls())) {
      JsonObject placed = JSON.createObjectBuilder(raw).add(TOOL_CALLS, delta.toolCalls()).build();
      changed = JSON.createObjectBuilder(changed).add("delta", placed).build();
    }
    return changed;
  }

  private String made(Entry entry, Delta delta) {
    JsonObjectBuilder choice = JSON.createObjectBuilder().add("index", 0);
    if (isText()) {
      choice.add("text", delta.content());
    } else {
      choice.add("delta", message(delta));
    }
    return made(entry, choice.addNull(FINISH_REASON));
  }

  private static JsonObjectBuilder message(Delta delta) {
    JsonObjectBuilder message = JSON.createObjectBuilder().add("role", "assistant");
    if (!delta.content().isEmpty()) {
      message.add("content", delta.content());
    }
    if (!delta.reasoning().isEmpty()) {
      message.add("reasoning_content", delta.reasoning());
    }
    if (!delta.toolCalls().isEmpty()) {
      message.add(TOOL_CALLS, delta.toolCalls());
    }
    return message;
  }

  private String finish(Entry entry, String reason) {
    JsonObjectBuilder choice = JSON.createObjectBuilder().add("index", 0);
    if (isText()) {
      choice.add("text", "");
    } else {
      choice.add("delta", JsonValue.EMPTY_JSON_OBJECT);
    }
    return made(entry, choice.add(FINISH_REASON, reason));
  }

  private String made(Entry entry, JsonObjectBuilder choice) {
    return skeleton(entry).add(CHOICES, JSON.createArrayBuilder().add(choice)).build().toString();
  }

  private boolean isText() {
    return log.head().content().kind() == StreamContent.Kind.COMPLETION;
  }

  private String error(Entry entry, ApiError error) {
    return skeleton(entry)
        .add(CHOICES, JsonValue.EMPTY_JSON_ARRAY)
        .addAll(JSON.createObjectBuilder(OpenAiError.of(error)))
        .build()
        .toString();
  }

  /** Returns what every chunk has. Its id and its time are those of LM Studio's chunks, if any. */
  private JsonObjectBuilder skeleton(Entry entry) {
    JsonObject first = firstChunk(entry.cursor());
    return JSON.createObjectBuilder()
        .add("id", JsonText.string(first, "id").orElseGet(this::id))
        .add("object", isText() ? "text_completion" : "chat.completion.chunk")
        .add("created", JsonText.whole(first, "created").orElseGet(this::created))
        .add("model", entry.modelId() == null ? "" : entry.modelId());
  }

  /** Returns an id for an answer to which LM Studio has given none. */
  String id() {
    return (isText() ? "cmpl-" : "chatcmpl-") + log.head().id();
  }

  /** Returns when the stream was created, in seconds since 1970. */
  long created() {
    return log.head().startedAt().getEpochSecond();
  }

  private JsonObject firstChunk(long end) {
    for (long cursor = 1; cursor < end; cursor++) {
      List<String> chunks = log.entry(cursor).json();
      if (!chunks.isEmpty()) {
        return JsonText.readObject(chunks.get(0)).orElse(JsonValue.EMPTY_JSON_OBJECT);
      }
    }
    return JsonValue.EMPTY_JSON_OBJECT;
  }
}
