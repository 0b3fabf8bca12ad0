package ee.lmstudio.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.openai.core.handlers.SseHandler;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponse;
import com.openai.core.http.SseMessage;
import com.openai.core.http.StreamResponse;
import dev.langchain4j.http.client.sse.DefaultServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import ee.lmstudio.sdk.internal.sse.EventStreamListener;
import ee.lmstudio.sdk.internal.sse.EventStreamParser;
import ee.lmstudio.sdk.internal.sse.ServerSentEvent;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many cases of the HTML standard each parser passes: names and data of the events only. */
final class StandardCases {
  private StandardCases() {}

  interface Parser {
    void parse(byte[] stream, List<String> events) throws Exception;
  }

  static Map<String, Integer> passed() throws Exception {
    Map<String, Parser> parsers = new LinkedHashMap<>();
    parsers.put("lmstudio", StandardCases::lmstudio);
    parsers.put("openaiJava", StandardCases::openaiJava);
    parsers.put("langchain4j", StandardCases::langchain4j);
    Map<String, Integer> passed = new LinkedHashMap<>();
    List<JsonObject> cases = cases();
    passed.put("all", cases.size());
    for (var parser : parsers.entrySet()) {
      int count = 0;
      for (JsonObject one : cases) {
        count += passes(parser.getValue(), one) ? 1 : 0;
      }
      passed.put(parser.getKey(), count);
    }
    return passed;
  }

  private static List<JsonObject> cases() {
    try (JsonReader reader =
        Json.createReader(StandardCases.class.getResourceAsStream("/sse-cases.json"))) {
      return List.copyOf(reader.readArray().getValuesAs(JsonObject.class));
    }
  }

  private static boolean passes(Parser parser, JsonObject one) {
    List<String> expected =
        one.getJsonArray("expected").getValuesAs(JsonObject.class).stream()
            .map(event -> event.getString("event") + "|" + event.getString("data"))
            .toList();
    List<String> events = new ArrayList<>();
    try {
      parser.parse(Base64.getDecoder().decode(one.getString("bytes_base64")), events);
    } catch (Exception failed) {
      return false;
    }
    return events.equals(expected);
  }

  private static void lmstudio(byte[] stream, List<String> events) throws Exception {
    EventStreamListener listener = event -> events.add(described(event));
    new EventStreamParser(listener).feed(stream, 0, stream.length);
  }

  private static String described(ServerSentEvent event) {
    return event.getName() + "|" + event.readData();
  }

  private static void langchain4j(byte[] stream, List<String> events) {
    new DefaultServerSentEventParser()
        .parse(
            new ByteArrayInputStream(stream),
            new ServerSentEventListener() {
              @Override
              public void onEvent(dev.langchain4j.http.client.sse.ServerSentEvent event) {
                events.add(named(event.event()) + "|" + event.data());
              }

              @Override
              public void onError(Throwable error) {
                throw new IllegalStateException(error);
              }
            });
  }

  /** Its handler is hidden from Java's compiler, not from Java. */
  private static void openaiJava(byte[] stream, List<String> events) throws Exception {
    HttpResponse response =
        new HttpResponse() {
          @Override
          public int statusCode() {
            return 200;
          }

          @Override
          public Headers headers() {
            return Headers.builder().build();
          }

          @Override
          public InputStream body() {
            return new ByteArrayInputStream(stream);
          }

          @Override
          public void close() {}
        };
    @SuppressWarnings("unchecked")
    HttpResponse.Handler<StreamResponse<SseMessage>> handler =
        (HttpResponse.Handler<StreamResponse<SseMessage>>)
            SseHandler.class
                .getMethod("sseHandler", JsonMapper.class)
                .invoke(null, JsonMapper.builder().build());
    try (StreamResponse<SseMessage> messages = handler.handle(response)) {
      messages.stream().forEach(m -> events.add(named(m.getEvent()) + "|" + m.getData()));
    }
  }

  private static String named(String event) {
    return event == null || event.isEmpty() ? "message" : event;
  }
}
