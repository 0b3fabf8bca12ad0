package ee.lmstudio.http.events;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.http.error.Envelope;
import ee.lmstudio.http.error.ErrorTable;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.ToolCall;
import ee.lmstudio.stream.Failure;
import ee.lmstudio.stream.Phase;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamHead;
import ee.lmstudio.stream.StreamLog;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;

/**
 * Creates the JSON of this server's own event format: the fields of each event, and the state of a
 * stream as {@code GET streams/{id}} returns it.
 */
public final class EventFields {
  private EventFields() {}

  /** Returns the fields of an event, without the four that all events have. */
  public static JsonObject of(StreamEvent event) {
    JsonObjectBuilder fields = JSON.createObjectBuilder();
    switch (event) {
      case StreamEvent.Started started ->
          put(
              fields.add("created", started.created().toString()),
              "model_requested",
              started.modelRequested());
      case StreamEvent.Progress(Phase phase, int position, double part) -> {
        fields.add("phase", phase.text());
        if (position > 0) {
          fields.add("position", position);
        }
        if (part >= 0) {
          fields.add("progress", part);
        }
      }
      case StreamEvent.Piece(Delta delta) -> delta(fields, delta);
      case StreamEvent.Relayed(String type, String data) ->
          fields.add("event", type).add("data", data);
      case StreamEvent.Reset reset -> fields.add("reason", reset.reason());
      case StreamEvent.Downgraded(var downgrade) ->
          fields
              .add("reason", downgrade.reason())
              .add("attempts", downgrade.attempts())
              .add("mode", "plain");
      case StreamEvent.Completed completed ->
          fields
              .add("finish_reason", completed.finishReason())
              .add("usage", completed.usage())
              .add("stats", completed.stats())
              .add("warnings", JSON.createArrayBuilder(completed.warnings()));
      case StreamEvent.Failed(Failure failure) -> fields.add("error", error(failure));
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

  private static JsonObject error(Failure failure) {
    return Envelope.errorObject(ErrorTable.of(failure));
  }

  /** Returns a stream's state in the form of {@code GET streams/{id}}. */
  public static Pieces state(StreamLog log, Snapshot snapshot) {
    JsonObject outcome = addOutcome(JSON.createObjectBuilder(), log, snapshot).build();
    return new Pieces.Builder()
        .raw(open(identity(log.head(), snapshot).build()))
        .raw(",\"content\":")
        .jsonString(snapshot.content())
        .raw(",\"reasoning\":")
        .jsonString(snapshot.reasoning())
        .raw(",\"tool_calls\":")
        .raw(toolCalls(snapshot.toolCalls()).toString())
        .raw("," + outcome.toString().substring(1))
        .build();
  }

  /** Returns the object without its last brace, so that fields can follow. */
  private static String open(JsonObject object) {
    String text = object.toString();
    return text.substring(0, text.length() - 1);
  }

  /** Returns a stream's state without texts, as the list of streams has it. */
  public static JsonObject summary(StreamLog log, Snapshot snapshot) {
    return addOutcome(identity(log.head(), snapshot), log, snapshot).build();
  }

  private static JsonObjectBuilder identity(StreamHead head, Snapshot snapshot) {
    JsonObjectBuilder fields = JSON.createObjectBuilder().add("stream_id", head.id());
    put(fields, "model_id", Optional.ofNullable(snapshot.modelId()).or(head::modelRequested));
    return fields
        .add("prompt_hash", head.promptHash())
        .add("cursor", snapshot.cursor())
        .add("status", snapshot.status().text());
  }

  private static JsonObjectBuilder addOutcome(
      JsonObjectBuilder fields, StreamLog log, Snapshot snapshot) {
    put(fields, "finish_reason", snapshot.completed().map(StreamEvent.Completed::finishReason));
    putValue(fields, "usage", snapshot.completed().map(StreamEvent.Completed::usage));
    putValue(fields, "error", snapshot.failure().map(EventFields::error));
    if (log.head().content().kind() == StreamContent.Kind.MODEL) {
      putValue(fields, "stats", snapshot.completed().map(StreamEvent.Completed::stats));
      // LM Studio cannot be told to stop such work, so it may finish all that it has received.
      switch (snapshot.status()) {
        case RUNNING -> fields.add("stopped_upstream", false);
        case CANCELLED -> fields.add("stopped_upstream", !wasSent(log));
        default -> {
          // The work is queued or has ended, so there is nothing to stop.
        }
      }
    }
    fields.add("started_at", log.head().startedAt().toString());
    boolean ended = snapshot.status().ended();
    put(fields, "finished_at", log.endedAt().filter(at -> ended).map(Object::toString));
    return fields;
  }

  /** Returns whether work on a model has left the queue and may have been sent to LM Studio. */
  private static boolean wasSent(StreamLog log) {
    return log.events()
        .anyMatch(
            event ->
                event instanceof StreamEvent.Progress progress
                    && progress.phase() != Phase.QUEUED
                    && progress.phase() != Phase.CONNECTING);
  }

  /**
   * Returns a whole answer, as {@code infer} returns it to a client that does not want a stream.
   *
   * @param snapshot of a stream that completed
   */
  public static Pieces answer(StreamHead head, Snapshot snapshot) {
    StreamEvent.Completed completed = snapshot.completed().orElseThrow();
    JsonObjectBuilder identity = JSON.createObjectBuilder().add("stream_id", head.id());
    put(identity, "model_id", Optional.ofNullable(snapshot.modelId()));
    identity.add("prompt_hash", head.promptHash());
    Pieces.Builder fields =
        new Pieces.Builder()
            .raw(open(identity.build()))
            .raw(",\"content\":")
            .jsonString(snapshot.content());
    if (!snapshot.reasoning().isEmpty()) {
      fields.raw(",\"reasoning\":").jsonString(snapshot.reasoning());
    }
    if (!snapshot.toolCalls().isEmpty()) {
      fields.raw(",\"tool_calls\":").raw(toolCalls(snapshot.toolCalls()).toString());
    }
    JsonObject outcome =
        JSON.createObjectBuilder()
            .add("finish_reason", completed.finishReason())
            .add("usage", completed.usage())
            .add("stats", completed.stats())
            .add("attempts", completed.attempts())
            .add("downgraded", completed.downgraded())
            .build();
    return fields.raw("," + outcome.toString().substring(1)).build();
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
