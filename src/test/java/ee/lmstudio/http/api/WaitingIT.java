package ee.lmstudio.http.api;

import static ee.lmstudio.http.api.Api.EVENTS;
import static ee.lmstudio.http.api.Api.JSON;
import static ee.lmstudio.http.api.Api.LIMIT;
import static ee.lmstudio.http.api.Api.chat;
import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.socket.Script;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What callers see while LM Studio takes its time, and what LM Studio sees when they leave. */
@ExtendWith(ContractServer.class)
@Timeout(90)
class WaitingIT {
  private static final String ASK = chat("\"model\":\"sim-chat\"");

  private static Script silentBeforeTheHeaders(String answer) {
    return Script.respondWithRaw(answer.getBytes(StandardCharsets.UTF_8)).stallAt(0);
  }

  private static String raw(int status, String type, String body) {
    return "HTTP/1.1 %d X\r\nContent-Type: %s\r\nConnection: close\r\n\r\n%s"
        .formatted(status, type, body);
  }

  @Test
  void slowHeaders_openTheStreamAllTheSame(Api api) throws Exception {
    api.chatAnswers(silentBeforeTheHeaders(raw(200, EVENTS, Chunks.text("late") + Chunks.end())));
    try (Listening listener = api.listen(api.infer(EVENTS, ASK))) {
      listener.readUntilEvent("progress");
      assertThat(EventText.names(listener.events())).containsExactly("started", "progress");
      assertThat(listener.events().get(1).text("phase")).isEqualTo("processing_prompt");
      api.lmStudio().release();
      List<Event> events = listener.readAll().events();
      assertThat(EventText.names(events))
          .containsExactly("started", "progress", "delta", "completed");
      EventText.assertWithoutGaps(events);
    }
  }

  @Test
  void modelThatIsNotLoaded_listenersAreTold(Api api) throws Exception {
    api.chatAnswers(silentBeforeTheHeaders(raw(200, EVENTS, Chunks.text("late") + Chunks.end())));
    try (Listening listener = api.listen(api.infer(EVENTS, chat("\"model\":\"sim-slow\"")))) {
      listener.readUntilEvent("progress");
      assertThat(listener.events().get(1).text("phase")).isEqualTo("loading_model");
      api.lmStudio().release();
      assertThat(EventText.names(listener.readAll().events())).endsWith("delta", "completed");
    }
  }

  @Test
  void slowHeadersThenAnError_isAFailedEvent(Api api) throws Exception {
    api.chatAnswers(silentBeforeTheHeaders(raw(400, JSON, "{\"error\":\"No models loaded\"}")));
    try (Listening listener = api.listen(api.infer(EVENTS, ASK))) {
      listener.readUntilEvent("progress");
      api.lmStudio().release();
      List<Event> events = listener.readAll().events();
      assertThat(EventText.names(events)).containsExactly("started", "progress", "failed");
      assertThat(events.get(2).data().getJsonObject("error").getString("code"))
          .isEqualTo("model_not_loaded");
    }
  }

  @Test
  void slowHeadersThenAnErrorForAWholeAnswer_isItsStatus(Api api) throws Exception {
    api.chatAnswers(silentBeforeTheHeaders(raw(400, JSON, "{\"error\":\"No models loaded\"}")));
    CompletableFuture<HttpResponse<String>> answer =
        api.sendAsync(api.infer(JSON, chat("\"stream\":false", "\"model\":\"whole\"")));
    String list = "";
    while (!list.contains("\"model_id\":\"whole\"")) {
      list = api.send(api.request("streams")).body();
    }
    api.lmStudio().release();
    assertThat(Api.code(answer.get(), 409)).isEqualTo("model_not_loaded");
  }

  @Test
  void firstTokenLimit_is504ForAWholeAnswer(Api api) throws Exception {
    api.chatAnswers(Script.respondWith(200, EVENTS).thenStayOpen());
    assertThat(Api.code(api.send(api.infer(JSON, chat("\"stream\":false"))), 504))
        .isEqualTo("upstream_timeout");
    assertThat(api.lmStudio().awaitStreamClosedByClient(LIMIT)).isTrue();
  }

  @Test
  void silence_isFilledWithComments(Api api) throws Exception {
    api.chatAnswers(
        Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStall().body(Chunks.end()));
    try (Listening listener = api.listen(api.infer(EVENTS, ASK))) {
      listener.readUntil(read -> read.split(": keep-alive\n\n", -1).length > 2);
      api.lmStudio().release();
      assertThat(EventText.names(EventText.withoutProgress(listener.readAll().events())))
          .containsExactly("started", "delta", "completed");
    }
  }

  @Test
  void callerOfAWholeAnswerLeaves_upstreamIsClosed(Api api) throws Exception {
    api.chatAnswers(Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStayOpen());
    try (Socket socket = new Socket("127.0.0.1", api.server().baseUrl().getPort())) {
      String body = chat("\"stream\":false", "\"model\":\"m\"");
      String request =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                  .formatted(api.url("infer").getPath(), PayaraServer.ALICE)
              + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(body.length(), body);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(api.lmStudio().awaitStall(LIMIT)).isTrue();
    }
    assertThat(api.lmStudio().awaitStreamClosedByClient(LIMIT)).isTrue();
  }

  @Test
  void lastListenerLeaves_streamIsCancelledAfterTheGrace(Api api) throws Exception {
    api.chatAnswers(Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStayOpen());
    String id;
    try (Listening listener = api.listen(api.infer(EVENTS, ASK))) {
      listener.readUntilEvent("delta");
      id = listener.streamId();
    }
    assertThat(api.lmStudio().awaitStreamClosedByClient(LIMIT)).isTrue();
    try (Listening later = api.attach(id, "")) {
      List<Event> events = EventText.withoutProgress(later.readAll().events());
      assertThat(EventText.names(events)).containsExactly("started", "delta", "cancelled");
      assertThat(events.get(2).text("by")).isEqualTo("listener_gone");
    }
  }

  @Test
  void pollingTheState_isListening(Api api) throws Exception {
    api.chatAnswers(Script.respondWith(200, EVENTS).body(Chunks.text("a")).thenStayOpen());
    String id = api.begin(PayaraServer.ALICE, ASK);
    long end = System.nanoTime() + 2 * ContractServer.GRACE.toNanos();
    while (System.nanoTime() < end) {
      assertThat(api.state(id).getString("status")).isEqualTo("running");
      LockSupport.parkNanos(100_000_000);
    }
    assertThat(api.lmStudio().awaitStreamClosedByClient(LIMIT))
        .as("nobody polls any more")
        .isTrue();
  }

  @Test
  void connection_servesAnotherRequestAfterAStream(Api api) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", api.server().baseUrl().getPort())) {
      String request =
          "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n"
                  .formatted(api.url("infer").getPath(), PayaraServer.ALICE, EVENTS)
              + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                  .formatted(ASK.length(), ASK);
      InputStream in = socket.getInputStream();
      for (int i = 0; i < 2; i++) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        StringBuilder read = new StringBuilder();
        while (!read.toString().endsWith("\r\n0\r\n\r\n")) {
          int c = in.read();
          assertThat(c).as(read.toString()).isNotNegative();
          read.append((char) c);
        }
        assertThat(read).startsWith("HTTP/1.1 200").contains("event: completed");
      }
    }
  }
}
