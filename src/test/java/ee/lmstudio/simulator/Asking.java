package ee.lmstudio.simulator;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Calls a simulator and reads its reply, without a socket and without waiting. */
final class Asking {
  static final Instant NOW = Instant.parse("2026-09-28T12:00:00Z");

  private final Simulator simulator;
  private final Map<String, String> headers = new HashMap<>();

  Asking(SimulatorSettings settings) {
    simulator = new Simulator(settings, NOW.minusSeconds(60));
  }

  /** Returns a simulator with the default settings. */
  static Asking byDefault() {
    return new Asking(SimulatorSettings.defaults());
  }

  static Asking version(String version) {
    return new Asking(SimulatorSettings.defaults().withVersion(SimulatedVersion.parse(version)));
  }

  Asking header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  Asking wantingText(String text) {
    return header("x-simulator-answer", URLEncoder.encode(text, StandardCharsets.UTF_8));
  }

  SimulatorReply get(String path) {
    return at(NOW, "GET", path, "");
  }

  SimulatorReply post(String path, String body) {
    return at(NOW, "POST", path, body);
  }

  SimulatorReply chat(String question, String moreFields) {
    return post("/v1/chat/completions", chatBody(question, moreFields));
  }

  SimulatorReply at(Instant now, String method, String path, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return simulator.reply(new SimulatorRequest(method, path, headers, bytes), now);
  }

  static String chatBody(String question, String moreFields) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":"
        + JsonStringifier.quoted(question)
        + "}]"
        + moreFields
        + "}";
  }

  static String body(SimulatorReply reply) {
    return reply.frames().stream()
        .map(frame -> new String(frame.bytes(), StandardCharsets.UTF_8))
        .collect(Collectors.joining());
  }

  static JsonObject json(SimulatorReply reply) {
    return parsed(body(reply));
  }

  static JsonObject parsed(String json) {
    return Json.createReader(new StringReader(json)).readObject();
  }

  /** Returns the chunks of a stream, without {@code [DONE]}. */
  static List<JsonObject> chunks(SimulatorReply reply) {
    return body(reply)
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> parsed(line.substring("data: ".length())))
        .toList();
  }

  /** Returns the text of a stream or of a plain chat. */
  static String text(SimulatorReply reply) {
    if (!reply.streamed()) {
      return message(reply).getString("content");
    }
    return chunks(reply).stream()
        .flatMap(chunk -> chunk.getJsonArray("choices").stream())
        .map(choice -> choice.asJsonObject().getJsonObject("delta"))
        .map(delta -> delta.getString("content", ""))
        .collect(Collectors.joining());
  }

  static JsonObject message(SimulatorReply reply) {
    return choice(reply).getJsonObject("message");
  }

  static JsonObject choice(SimulatorReply reply) {
    return json(reply).getJsonArray("choices").getJsonObject(0);
  }
}
