package ee.lmstudio.http.events;

import static ee.lmstudio.http.events.FakeConnection.asked;
import static ee.lmstudio.http.events.FakeConnection.fake;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import jakarta.servlet.AsyncContext;
import jakarta.ws.rs.container.AsyncResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that wait in memory for their clients are bounded. */
@Timeout(60)
class JsonAnswersTest extends EventStreamResponseFixture {
  private static final int MOST = 400_000;

  /** What JAX-RS was resumed with: a response for a written answer, or an exception. */
  private final BlockingQueue<Object> resumed = new LinkedBlockingQueue<>();

  private final JsonAnswers answers = new JsonAnswers(MOST);

  JsonAnswersTest() {
    answers.watch = watch;
  }

  private void ask(String caller, FakeConnection client, Supplier<String> json) {
    ask(caller, client.request(), json);
  }

  private void ask(String caller, AsyncContext exchange, Supplier<String> json) {
    AsyncResponse answer =
        fake(AsyncResponse.class, (name, arguments) -> resumed.add(arguments[0]));
    answers.later(asked(caller, exchange), answer, json);
  }

  /** A client with an answer of this length that it has begun to receive. */
  private FakeConnection unread(String caller, int length) throws Exception {
    FakeConnection client = new FakeConnection(1);
    ask(caller, client, () -> "x".repeat(length));
    client.awaitListener();
    client.read();
    return client;
  }

  private Object refusal(String caller, int length) throws Exception {
    ask(caller, new FakeConnection(1), () -> "x".repeat(length));
    return resumed.poll(20, TimeUnit.SECONDS);
  }

  private static void readAll(FakeConnection client) throws IOException {
    for (int before = -1; before < client.received().length(); ) {
      before = client.received().length();
      client.read();
    }
  }

  @Test
  void callThatThrows_isAnsweredWithWhatItThrew() throws Exception {
    for (Throwable failure :
        new Throwable[] {new IllegalStateException("planted"), new NoClassDefFoundError("x")}) {
      ask(
          "alice",
          new FakeConnection(1),
          () -> {
            if (failure instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) failure;
          });
      assertThat(resumed.poll(20, TimeUnit.SECONDS)).isSameAs(failure);
    }
  }

  @Test
  void longLists_areCreatedWhenItIsTheirCallersTurn_unlessTheClientHasLeft() throws Exception {
    List<Runnable> turns = new ArrayList<>();
    answers.watch =
        new ListenerWatch() {
          @Override
          void later(String caller, Runnable work) {
            assertThat(caller).isEqualTo("alice");
            turns.add(work);
          }
        };
    List<String> created = new ArrayList<>();
    FakeConnection waits = new FakeConnection(1);
    FakeConnection leaves = new FakeConnection(1);
    for (FakeConnection client : List.of(waits, leaves)) {
      answers.inTurn(
          asked("alice", client.request()),
          fake(AsyncResponse.class, (name, arguments) -> null),
          () -> {
            created.add(client == waits ? "waits" : "leaves");
            return new Pieces.Builder().raw("[]").build();
          });
    }
    assertThat(created).isEmpty();
    leaves.endRequest();
    turns.forEach(Runnable::run);
    assertThat(created).containsExactly("waits");
    waits.read();
    assertThat(waits.received()).isEqualTo("[]");
    for (int i = 0; i < JsonAnswers.AT_ONCE; i++) {
      answers.inTurn(
          asked("alice", new FakeConnection(1).request()),
          fake(AsyncResponse.class, (name, arguments) -> null),
          () -> new Pieces.Builder().build());
    }
  }

  @Test
  void requestsThatACallerDoesNotWaitFor_areBoundedAndOthersAreAnswered() throws Exception {
    CountDownLatch upstream = new CountDownLatch(1);
    Supplier<String> hanging =
        () -> {
          try {
            upstream.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return "{}";
        };
    for (int i = 0; i < JsonAnswers.AT_ONCE; i++) {
      ask("alice", new FakeConnection(1), hanging);
    }
    assertThatThrownBy(() -> ask("alice", new FakeConnection(1), hanging))
        .isInstanceOf(RateLimitedException.class);
    unread("bob", 10);
    FakeConnection last = new FakeConnection(1);
    upstream.countDown();
    while (last.listenerIsMissing()) {
      try {
        ask("alice", last, () -> "{}");
        last.awaitListener();
      } catch (RateLimitedException stillTooMany) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void clientsThatLeaveBeforeTheirAnswersBegin_takeNoPlace() throws Exception {
    IllegalStateException over = new IllegalStateException("The request is over");
    AsyncContext exchange =
        fake(
            AsyncContext.class,
            (name, arguments) -> {
              throw over;
            });
    for (int i = 0; i < JsonAnswers.AT_ONCE; i++) {
      assertThatThrownBy(() -> ask("alice", exchange, () -> "{}")).isSameAs(over);
    }
    unread("alice", 10);
  }

  @Test
  void answersThatACallerDoesNotRead_areBoundedAndOthersGetTheirs() throws Exception {
    FakeConnection first = unread("alice", MOST / JsonAnswers.SHARE_OF_ALL - 10_000);
    assertThat(refusal("alice", 10_001)).isInstanceOf(RateLimitedException.class);
    unread("alice", 10_000);
    unread("bob", MOST / JsonAnswers.SHARE_OF_ALL);

    readAll(first);
    assertThat(first.received()).hasSize(MOST / JsonAnswers.SHARE_OF_ALL - 10_000);
    unread("alice", MOST / JsonAnswers.SHARE_OF_ALL - 10_000);
  }

  @Test
  void unreadAnswersOfAll_areBounded() throws Exception {
    unread("a", MOST / 2);
    FakeConnection second = unread("b", MOST / 2);
    assertThat(refusal("c", 1)).isInstanceOf(OverloadedException.class);
    readAll(second);
    unread("c", MOST / 2);
  }

  @Test
  void onlyAnswerOfACaller_mayHaveAnySize() throws Exception {
    FakeConnection large = unread("alice", 3 * MOST);
    readAll(large);
    assertThat(large.received()).hasSize(3 * MOST);
  }
}
