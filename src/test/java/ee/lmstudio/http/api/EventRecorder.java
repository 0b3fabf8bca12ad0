package ee.lmstudio.http.api;

import ee.lmstudio.http.events.EventFields;
import ee.lmstudio.run.InferenceStreamed;
import ee.lmstudio.run.StreamingDowngraded;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Deployed with the tests: writes down what it observes. Faulty observers stand before it. */
@ApplicationScoped
public class EventRecorder {
  /** Asked or answering models whose streams a faulty observer gets. */
  static final String THROWS = "throws";

  static final String BLOCKS = "blocks";

  private final Map<String, List<JsonObject>> streamed = new ConcurrentHashMap<>();
  private final Map<String, List<JsonObject>> downgraded = new ConcurrentHashMap<>();
  private final CountDownLatch unblocked = new CountDownLatch(1);

  /** Without a stack trace, since each is logged. */
  static final class Defect extends RuntimeException {
    Defect() {
      super("an observer's defect", null, false, false);
    }
  }

  void faulty(@Observes @Priority(1) InferenceStreamed event) throws InterruptedException {
    if (THROWS.equals(event.modelId())) {
      throw new Defect();
    }
    if (BLOCKS.equals(event.modelId())) {
      unblocked.await();
    }
  }

  void observe(@Observes @Priority(2) InferenceStreamed event) {
    JsonObjectBuilder json =
        Json.createObjectBuilder().add("event", event.event().name()).add("data", data(event));
    add(streamed, event.streamId(), json.build());
  }

  /** As the data line of the event stream has it. */
  private static JsonObjectBuilder data(InferenceStreamed event) {
    return Json.createObjectBuilder()
        .add("stream_id", event.streamId())
        .add("model_id", modelId(event.modelId()))
        .add("prompt_hash", event.promptHash())
        .add("cursor", event.cursor())
        .addAll(Json.createObjectBuilder(EventFields.of(event.event())));
  }

  private static JsonValue modelId(String known) {
    return known == null ? JsonValue.NULL : Json.createValue(known);
  }

  void observe(@Observes StreamingDowngraded event) {
    add(
        downgraded,
        event.streamId(),
        Json.createObjectBuilder()
            .add("model_id", modelId(event.modelId()))
            .add("prompt_hash", event.promptHash())
            .add("reason", event.reason())
            .add("attempts", event.attempts())
            .build());
  }

  private static void add(Map<String, List<JsonObject>> all, String stream, JsonObject event) {
    List<JsonObject> ofStream = all.computeIfAbsent(stream, id -> new ArrayList<>());
    synchronized (ofStream) {
      ofStream.add(event);
    }
  }

  JsonArray streamed(String stream) {
    return array(streamed.getOrDefault(stream, List.of()));
  }

  JsonArray downgraded(String stream) {
    return array(downgraded.getOrDefault(stream, List.of()));
  }

  void unblock() {
    unblocked.countDown();
  }

  private static JsonArray array(List<JsonObject> events) {
    JsonArrayBuilder array = Json.createArrayBuilder();
    synchronized (events) {
      events.forEach(array::add);
    }
    return array.build();
  }
}
