package ee.lmstudio.sdk.internal.sse;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.sse.SseEvent;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** One case of {@code sse-cases.json}: bytes, and what a parser must make of them. */
record SseCase(
    String name,
    byte[] bytes,
    List<Expected> expected,
    String finalId,
    long finalRetry,
    List<byte[]> chunks,
    List<Integer> eventsAfterChunk) {

  /** One event; {@code blockId} and {@code blockRetry} are null where the event has none. */
  record Expected(String event, String data, String id, String blockId, Long blockRetry) {}

  static Stream<SseCase> all() {
    try (JsonReader reader =
        Json.createReader(SseCase.class.getResourceAsStream("/sse-cases.json"))) {
      return reader.readArray().getValuesAs(JsonObject.class).stream().map(SseCase::read);
    }
  }

  private static SseCase read(JsonObject json) {
    List<Expected> expected =
        json.getJsonArray("expected").getValuesAs(JsonObject.class).stream()
            .map(
                e ->
                    new Expected(
                        e.getString("event"),
                        e.getString("data"),
                        e.getString("id"),
                        e.isNull("block_id") ? null : e.getString("block_id"),
                        e.isNull("block_retry") ? null : (long) e.getInt("block_retry")))
            .toList();
    JsonObject last = json.getJsonObject("final");
    JsonArray chunks = json.getOrDefault("chunks_base64", JsonValue.EMPTY_JSON_ARRAY).asJsonArray();
    JsonArray after =
        json.getOrDefault("events_after_chunk", JsonValue.EMPTY_JSON_ARRAY).asJsonArray();
    return new SseCase(
        json.getString("name"),
        decode(json.getString("bytes_base64")),
        expected,
        last.getString("id"),
        last.isNull("retry") ? SseEvent.RECONNECT_NOT_SET : last.getInt("retry"),
        chunks.getValuesAs(JsonString.class).stream().map(c -> decode(c.getString())).toList(),
        after.getValuesAs(jakarta.json.JsonNumber.class).stream()
            .map(jakarta.json.JsonNumber::intValue)
            .toList());
  }

  private static byte[] decode(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  @Override
  public String toString() {
    return name;
  }
}
