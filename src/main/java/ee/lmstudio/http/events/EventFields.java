package ee.lmstudio.http.events;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.Envelope;
import ee.lmstudio.http.error.ErrorTable;
import ee.lmstudio.inference.GenerationStream;
import ee.lmstudio.inference.Phase;
import ee.lmstudio.inference.StreamEvent;
import ee.lmstudio.inference.StreamSnapshot;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.ToolCall;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;

/** What the HTTP contract writes of streams: the fields of each event, and of a stream's state. */
public final class EventFields {
  private EventFields() {}

  /** The fields of an event, beside the four that all events have. */
  public static JsonObject of(StreamEvent event) {
    JsonObjectBuilder fields = JSON.createObjectBuilder();
    switch (event) {
      case StreamEvent.Started started ->
          put(
              fields.add("created", started.created().toString()),
              "model_requested",
              started.modelRequested());
      case StreamEvent.Progress(Phase phase, int position) -> {
        fields.add("phase", phase.text());
        if (position > 0) {
          fields.add("position", position);
        }
      }
      case StreamEvent.Piece(Delta delta) -> delta(fields, delta);
      case StreamEvent.Reset reset -> fields.add("reason", reset.reason());
      case StreamEvent.Downgraded(var downgrade) ->
          fields
              .add("reason", downgrade.reason())
              .add("attempts", downgrade.attempts())
              .add("mode", "plain");
      case StreamEvent.Completed(Completion answer) ->
          fields
              .add("finish_reason", answer.finishReason())
              .add("usage", answer.usage().toJson())
              .add("stats", answer.stats().toJson())
              .add("warnings", JSON.createArrayBuilder(answer.warnings()));
      case StreamEvent.Failed failed -> fields.add("error", error(failed.error()));
      case StreamEvent.Cancelled cancelled -> fields.add("by", cancelled.by().text());
    }
    return fields.build();
  }

  private static void delta(JsonObjectBuilder fields, Delta delta) {
    if (!delta.content().isEmpty()) {
      fields.add("content", delta.content());
    }
    if (!delta.reasoning().isEmpty()) {
      fields.add("reasoning", delta.reasoning());
    }
    if (!delta.toolCalls().isEmpty()) {
      fields.add("tool_calls", delta.toolCalls());
    }
  }

  /** Code, message and hint. */
  public static JsonObject error(LmStudioException exception) {
    ApiError error = ErrorTable.of(exception);
    return Envelope.errorObject(error);
  }

  /** A stream's state, as the attach call answers it. */
  public static JsonObject state(GenerationStream stream, StreamSnapshot snapshot) {
    JsonObjectBuilder fields =
        identity(stream, snapshot)
            .add("content", snapshot.content())
            .add("reasoning", snapshot.reasoning())
            .add("tool_calls", toolCalls(snapshot.toolCalls()));
    return addOutcome(fields, stream, snapshot).build();
  }

  /** A stream's state without texts, as the list of streams has it. */
  public static JsonObject summary(GenerationStream stream, StreamSnapshot snapshot) {
    return addOutcome(identity(stream, snapshot), stream, snapshot).build();
  }

  private static JsonObjectBuilder identity(GenerationStream stream, StreamSnapshot snapshot) {
    JsonObjectBuilder fields = JSON.createObjectBuilder().add("stream_id", stream.id());
    put(fields, "model_id", Optional.ofNullable(snapshot.modelId()).or(stream::modelRequested));
    return fields
        .add("prompt_hash", stream.promptHash())
        .add("cursor", snapshot.cursor())
        .add("status", snapshot.status().text());
  }

  private static JsonObjectBuilder addOutcome(
      JsonObjectBuilder fields, GenerationStream stream, StreamSnapshot snapshot) {
    put(fields, "finish_reason", snapshot.answer().map(Completion::finishReason));
    putValue(fields, "usage", snapshot.answer().map(answer -> answer.usage().toJson()));
    putValue(fields, "error", snapshot.error().map(EventFields::error));
    fields.add("started_at", stream.startedAt().toString());
    boolean ended = snapshot.status().ended();
    put(fields, "finished_at", stream.finishedAt().filter(at -> ended).map(Object::toString));
    return fields;
  }

  /** A whole answer, as {@code infer} gives it to who wants no stream. */
  public static JsonObject answer(GenerationStream stream, Completion answer) {
    JsonObjectBuilder fields =
        JSON.createObjectBuilder()
            .add("stream_id", stream.id())
            .add("model_id", answer.model())
            .add("prompt_hash", stream.promptHash())
            .add("content", answer.content());
    if (!answer.reasoning().isEmpty()) {
      fields.add("reasoning", answer.reasoning());
    }
    if (!answer.toolCalls().isEmpty()) {
      fields.add("tool_calls", toolCalls(answer.toolCalls()));
    }
    return fields
        .add("finish_reason", answer.finishReason())
        .add("usage", answer.usage().toJson())
        .add("stats", answer.stats().toJson())
        .add("attempts", answer.attempts())
        .add("downgraded", answer.downgraded())
        .build();
  }

  private static JsonArray toolCalls(List<ToolCall> calls) {
    JsonArrayBuilder all = JSON.createArrayBuilder();
    calls.forEach(call -> all.add(call.toJson()));
    return all.build();
  }

  private static void put(JsonObjectBuilder fields, String name, Optional<String> value) {
    value.ifPresentOrElse(text -> fields.add(name, text), () -> fields.addNull(name));
  }

  private static void putValue(
      JsonObjectBuilder fields, String name, Optional<? extends JsonValue> value) {
    value.ifPresentOrElse(json -> fields.add(name, json), () -> fields.addNull(name));
  }
}
