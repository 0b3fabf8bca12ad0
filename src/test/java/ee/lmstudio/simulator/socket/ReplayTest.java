package ee.lmstudio.simulator.socket;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.simulator.Recordings;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings are replayed with their bytes cut anywhere, as the raw bytes show. */
class ReplayTest {
  private final SocketSimulator lmStudio = SocketSimulator.scripted();

  @AfterEach
  void close() {
    lmStudio.close();
  }

  private String answer(Script script) throws IOException {
    lmStudio.enqueue(script);
    try (RawClient client = new RawClient(lmStudio.url()).post("/v1/chat/completions", "{}")) {
      return client.readUntil("\r\n0\r\n\r\n");
    }
  }

  /** Returns the body, and checks that the chunks have these lengths. */
  private static String joined(String answer, long... lengths) {
    StringBuilder body = new StringBuilder();
    String rest = answer.substring(answer.indexOf("\r\n\r\n") + 4);
    for (long length : lengths) {
      String size = Long.toHexString(length) + "\r\n";
      assertThat(rest).startsWith(size);
      int end = size.length() + (int) length;
      body.append(rest, size.length(), end);
      rest = rest.substring(end + 2);
    }
    assertThat(rest).isEqualTo("0\r\n\r\n");
    return body.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1-stream-plain-include_usage-0.4.24.sse",
        "v1-stream-tool-single-0.4.24-ABRIDGED.sse",
        "v0-stream-tool-0.3.13.sse",
        "v1-native-chat-stream-2026-05-27-probe.sse"
      })
  void recording_isCutInTwoAnywhere(String name) throws IOException {
    String body = new String(Recordings.bytes(name), StandardCharsets.US_ASCII);
    for (int at = 1; at < body.length(); at += 13) {
      Script script = Script.respondWith(200, "text/event-stream").body(body).splitAt(at);
      assertThat(joined(answer(script), at, body.length() - at)).isEqualTo(body);
    }
  }

  @Test
  void everyByte_canBeItsOwnWrite() throws IOException {
    byte[] body = Recordings.bytes("v1-native-chat-stream-2026-05-27-probe.sse");
    long[] everywhere = LongStream.range(1, body.length).toArray();
    Script script = Script.respondWith(200, "text/event-stream").body(body).splitAt(everywhere);
    long[] ones = LongStream.generate(() -> 1).limit(body.length).toArray();
    assertThat(joined(answer(script), ones)).isEqualTo(new String(body, StandardCharsets.US_ASCII));
  }

  @Test
  void splits_goTogetherWithOtherFaults() throws IOException {
    lmStudio.enqueue(
        Script.respondWith(200, "text/event-stream").body("data: one\n\n").splitAt(3, 5).cutAt(7));
    try (RawClient client = new RawClient(lmStudio.url()).post("/v1/chat/completions", "{}")) {
      assertThat(client.readToEnd()).endsWith("\r\n\r\n3\r\ndat\r\n2\r\na:\r\n2\r\n o\r\n");
    }
  }

  @Test
  void usualAnswer_isSplitToo() throws IOException {
    try (SocketSimulator usual =
            SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));
        RawClient client = new RawClient(usual.url())) {
      usual.enqueue(Script.answerAsUsual().splitAt(4));
      client.post(
          "/v1/chat/completions",
          "{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
      assertThat(client.readUntil("\r\n0\r\n\r\n")).contains("\r\n\r\n4\r\ndata\r\n");
    }
  }
}
