package ee.lmstudio.sdk.internal.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.internal.http.Exchange;
import ee.lmstudio.sdk.internal.http.HttpTransport;
import ee.lmstudio.sdk.internal.http.StopSwitch;
import ee.lmstudio.sdk.internal.http.UnexpectedAnswerException;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.GenericType;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.InboundSseEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The source as JAX-RS has it: opened, heard by consumers, closed. */
@Timeout(20)
class PostEventSourceTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final SocketSimulator server = SocketSimulator.scripted();
  private final HttpTransport transport =
      new HttpTransport(LmStudioSettings.at(server.url().toString()));
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final CompletableFuture<String> last = new CompletableFuture<>();

  @AfterEach
  void close() {
    transport.close();
    server.close();
  }

  private PostEventSource source() {
    StopSwitch stop = new StopSwitch();
    PostEventSource source =
        new PostEventSource(
            transport.request(
                "v1/chat/completions",
                "text/event-stream",
                LmStudioSettings.defaults(),
                exchange(stop)),
            Entity.json("{}"),
            stop,
            new PostEventSource.Signals() {},
            Thread::startVirtualThread);
    source.register(
        event -> heard.add(event.readData()),
        error -> last.complete(error.getClass().getSimpleName()),
        () -> last.complete("complete"));
    return source;
  }

  private static Exchange exchange(StopSwitch stop) {
    return new Exchange(stop, () -> {}, version -> {});
  }

  @Test
  void opened_hearsEventsAndTheEnd() throws Exception {
    server.enqueue(Script.respondWithEvents("data: one\n\ndata: two\n\n"));
    try (PostEventSource source = source()) {
      assertThat(source.isOpen()).isFalse();
      source.open();
      assertThat(last.get()).isEqualTo("complete");
      assertThat(source.close(1, TimeUnit.MINUTES)).isTrue();
      assertThat(source.isOpen()).isFalse();
      assertThatThrownBy(source::open).isInstanceOf(IllegalStateException.class);
    }
    assertThat(heard).containsExactly("one", "two");
    assertThat(server.generationsPosted()).isEqualTo(1);
  }

  @Test
  void event_isReadAsTextOrBytes() throws Exception {
    server.enqueue(Script.respondWithEvents("id: 7\nretry: 50\nevent: tick\ndata: ä\n\n"));
    CompletableFuture<InboundSseEvent> heard = new CompletableFuture<>();
    try (PostEventSource source = source()) {
      source.register(heard::complete);
      source.open();
      InboundSseEvent event = heard.get();
      assertThat(event.getName()).isEqualTo("tick");
      assertThat(event.getId()).isEqualTo("7");
      assertThat(event.isReconnectDelaySet()).isTrue();
      assertThat(event.getReconnectDelay()).isEqualTo(50);
      assertThat(event.isEmpty()).isFalse();
      assertThat(event.getComment()).isNull();
      assertThat(event.readData(String.class)).isEqualTo("ä");
      assertThat(event.readData(byte[].class)).hasSize(2);
      assertThat(event.readData(new GenericType<String>() {})).isEqualTo("ä");
      assertThat(event.readData(new GenericType<Object>() {}, MediaType.WILDCARD_TYPE))
          .isEqualTo("ä");
      assertThat(event).hasToString("ServerSentEvent[tick, 2 bytes]");
      assertThatThrownBy(() -> event.readData(Integer.class))
          .isInstanceOf(ProcessingException.class)
          .hasMessageContaining("java.lang.Integer");
    }
  }

  @Test
  void errorAnswer_isHeardWithItsBody() throws Exception {
    server.enqueue(Script.respondWithJson(400, "{\"error\":\"no\"}"));
    CompletableFuture<Throwable> error = new CompletableFuture<>();
    try (PostEventSource source = source()) {
      source.register(event -> {}, error::complete);
      source.open();
      assertThat(error.get())
          .isInstanceOfSatisfying(
              UnexpectedAnswerException.class,
              answer -> assertThat(answer.answer().text()).isEqualTo("{\"error\":\"no\"}"))
          .hasMessageContaining("400");
      assertThat(((UnexpectedAnswerException) error.get()).answer())
          .hasToString("HttpAnswer[400, 14 bytes]");
    }
  }

  @Test
  void exceptionOfAConsumer_isHeardAndEndsTheStream() throws Exception {
    server.enqueue(Script.respondWithEvents("data: one\n\n").thenStayOpen());
    try (PostEventSource source = source()) {
      source.register(
          event -> {
            throw new IllegalArgumentException("mine");
          });
      source.open();
      assertThat(last.get()).isEqualTo("IllegalArgumentException");
    }
    assertThat(server.awaitStreamClosedByClient(LIMIT)).isTrue();
  }

  @Test
  void closed_completesAndClosesTheConnection() throws Exception {
    server.enqueue(Script.respondWithEvents("data: one\n\n").thenStayOpen());
    PostEventSource source = source();
    CompletableFuture<Void> first = new CompletableFuture<>();
    source.register(event -> first.complete(null));
    source.open();
    first.get();
    assertThat(source.isOpen()).isTrue();
    assertThat(source.close(1, TimeUnit.MINUTES)).isTrue();
    assertThat(last.get()).isEqualTo("complete");
    assertThat(server.awaitStreamClosedByClient(LIMIT)).isTrue();
  }

  @Test
  void closedBeforeItIsOpened_postsNothing() throws Exception {
    PostEventSource source = source();
    assertThat(source.close(0, TimeUnit.SECONDS)).isTrue();
    source.open();
    assertThat(last.get()).isEqualTo("complete");
    assertThat(server.requests()).isEmpty();
  }
}
