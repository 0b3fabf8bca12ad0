package ee.lmstudio.simulator.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String EVENTS = "data: one\n\ndata: two\n\ndata: [DONE]\n\n";
  private static final String LAST_CHUNK = "0\r\n\r\n";

  private final SocketSimulator lmStudio = SocketSimulator.scripted();

  @AfterEach
  void close() {
    lmStudio.close();
  }

  private RawClient post() throws Exception {
    return new RawClient(lmStudio.url()).post("/v1/chat/completions", "{}");
  }

  @Test
  void events_areSentOneChunkEach() throws Exception {
    lmStudio.enqueue(Script.respondWithEvents(EVENTS));
    try (RawClient client = post()) {
      assertThat(client.readUntil(LAST_CHUNK))
          .startsWith("HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\n")
          .contains("Content-Type: text/event-stream\r\n", "Transfer-Encoding: chunked\r\n")
          .endsWith(
              "\r\n\r\nb\r\ndata: one\n\n\r\nb\r\ndata: two\n\n\r\ne\r\ndata: [DONE]\n\n\r\n"
                  + LAST_CHUNK);
    }
  }

  @Test
  void json_hasLengthAndHeaders() throws Exception {
    lmStudio.enqueue(Script.respondWithJson(429, "{\"ä\":1}").header("Retry-After", "1"));
    try (RawClient client = post()) {
      assertThat(client.readUntil("{\"ä\":1}"))
          .startsWith("HTTP/1.1 429 Too Many Requests\r\n")
          .contains("Content-Length: 8\r\n", "Retry-After: 1\r\n", "Keep-Alive: timeout=5\r\n");
    }
  }

  @Test
  void scripts_areUsedInOrderOnOneConnection() throws Exception {
    lmStudio.enqueue(Script.respondWithJson(200, "1")).enqueue(Script.respondWithJson(200, "2"));
    try (RawClient client = post()) {
      assertThat(client.readUntil("\r\n\r\n1")).endsWith("1");
      assertThat(client.post("/x", "").readUntil("\r\n\r\n2")).endsWith("2");
      assertThat(client.get("/y").readUntil("}")).endsWith("No script is enqueued for GET /y\"}");
    }
  }

  @Test
  void scriptForPath_goesBeforeTheOthers() throws Exception {
    lmStudio.enqueue(Script.respondWithJson(200, "any"));
    lmStudio.enqueue("/v1/chat/completions", Script.respondWithJson(200, "chat"));
    try (RawClient client = post()) {
      assertThat(client.readUntil("\r\n\r\nchat")).endsWith("chat");
    }
  }

  @Test
  void forgotten_isNotUsed() throws Exception {
    lmStudio.enqueue(Script.respondWithJson(200, "any"));
    lmStudio.enqueue("/v1/chat/completions", Script.respondWithJson(200, "chat"));
    lmStudio.forgetScripts();
    try (RawClient client = post()) {
      assertThat(client.readUntil("}")).contains("No script is enqueued");
    }
  }

  @Test
  void cut_endsWithFinAfterThatByte() throws Exception {
    for (int at = 0; at <= EVENTS.length(); at++) {
      lmStudio.enqueue(Script.respondWithEvents(EVENTS).delimitedByClose().cutAt(at));
      try (RawClient client = post()) {
        String answer = client.readToEnd();
        assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4))
            .isEqualTo(EVENTS.substring(0, at));
      }
    }
  }

  @Test
  void cutInsideChunks_leavesTheLastChunkOut() throws Exception {
    lmStudio.enqueue(Script.respondWithEvents(EVENTS).cutAt(13));
    try (RawClient client = post()) {
      assertThat(client.readToEnd()).endsWith("\r\n\r\nb\r\ndata: one\n\n\r\n2\r\nda\r\n");
    }
  }

  @Test
  void reset_isAnRst() throws Exception {
    lmStudio.enqueue(Script.respondWithEvents(EVENTS).resetAt(11));
    try (RawClient client = post()) {
      assertThatThrownBy(client::readToEnd)
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void stall_goesOnWhenReleased() throws Exception {
    lmStudio.enqueue(
        Script.respondWith(200, "text/event-stream").body("before").thenStall().body("after"));
    try (RawClient client = post()) {
      assertThat(client.readUntil("before\r\n")).doesNotContain("after");
      assertThat(lmStudio.awaitStall(LIMIT)).isTrue();
      assertThat(lmStudio.openStreams()).isEqualTo(1);
      lmStudio.release();
      assertThat(client.readUntil(LAST_CHUNK)).isEqualTo("5\r\nafter\r\n" + LAST_CHUNK);
    }
  }

  @Test
  void stayingOpen_endsWhenTheClientLeaves() throws Exception {
    lmStudio.enqueue(Script.respondWithEvents("data: one\n\n").thenStayOpen());
    try (RawClient client = post()) {
      client.readUntil("data: one\n\n\r\n");
      assertThat(lmStudio.awaitStall(LIMIT)).isTrue();
    }
    assertThat(lmStudio.awaitStreamClosedByClient(LIMIT)).isTrue();
    assertThat(lmStudio.openStreams()).isZero();
    assertThat(lmStudio.awaitStreamClosedByClient(Duration.ZERO)).isFalse();
  }

  @Test
  void streamThatEndedByScript_isNotClosedByTheClient() throws Exception {
    lmStudio.enqueue(Script.respondWithEvents(EVENTS).thenClose());
    try (RawClient client = post()) {
      assertThat(client.readToEnd()).endsWith("data: [DONE]\n\n\r\n");
    }
    lmStudio.close();
    assertThat(lmStudio.awaitStreamClosedByClient(Duration.ZERO)).isFalse();
    assertThat(lmStudio.openStreams()).isZero();
  }

  @Test
  void rawAnswer_isSentAsItIs() throws Exception {
    byte[] raw = "HTTP/1.1 200 OK\r\n\r\n<html>".getBytes(StandardCharsets.UTF_8);
    lmStudio.enqueue(Script.respondWithRaw(raw));
    try (RawClient client = post()) {
      assertThat(client.readToEnd()).isEqualTo("HTTP/1.1 200 OK\r\n\r\n<html>");
    }
  }

  @Test
  void pieces_areChunksOfThatSize() throws Exception {
    byte[] body = "äbc".getBytes(StandardCharsets.UTF_8);
    lmStudio.enqueue(Script.respondWith(200, "text/event-stream").bodyInPieces(body, 3));
    try (RawClient client = post()) {
      assertThat(client.readUntil(LAST_CHUNK)).contains("\r\n\r\n3\r\näb\r\n1\r\nc\r\n");
    }
  }

  @Test
  void requests_areRecorded() throws Exception {
    lmStudio.enqueue(Script.respondWithJson(200, "1"));
    try (RawClient client =
        new RawClient(lmStudio.url())
            .send(
                "POST /v1/completions?x=1 HTTP/1.1\r\n"
                    + "A: 1\r\n"
                    + "a: 2\r\n"
                    + "Transfer-Encoding: chunked\r\n"
                    + "\r\n"
                    + "3\r\n"
                    + "abc\r\n"
                    + "2;x=y\r\n"
                    + "de\r\n"
                    + "0\r\n"
                    + "Trailer: t\r\n\r\n")) {
      client.readUntil("\r\n\r\n1");
    }
    assertThat(lmStudio.awaitRequests(1, LIMIT)).isTrue();
    assertThat(lmStudio.generationsPosted()).isEqualTo(1);
    assertThat(lmStudio.requests())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.method()).isEqualTo("POST");
              assertThat(request.path()).isEqualTo("/v1/completions");
              assertThat(request.target()).isEqualTo("/v1/completions?x=1");
              assertThat(request.header("a")).hasValue("1, 2");
              assertThat(request.bodyText()).isEqualTo("abcde");
            });
  }
}
