package ee.lmstudio.http.events;

import static ee.lmstudio.http.events.FakeConnection.asked;
import static ee.lmstudio.http.events.FakeConnection.fake;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.run.TestPlaces;
import ee.lmstudio.sdk.error.RateLimitedException;
import jakarta.ws.rs.container.AsyncResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients of a run that do not read, or come too late, cost the server. */
@Timeout(60)
class RunResponsesTest extends EventStreamResponseFixture {
  private static final int TOOL_CALL = 100_000;

  /** How many such states one caller may leave unread. */
  private static final int UNREAD = 5;

  /** What JAX-RS was resumed with: a response for a written answer, or an exception. */
  private final BlockingQueue<Object> resumed = new LinkedBlockingQueue<>();

  private final AsyncResponse answer =
      fake(
          AsyncResponse.class,
          (name, arguments) -> name.equals("resume") && resumed.add(arguments[0]));

  private final RunResponses responses = new RunResponses();

  RunResponsesTest() {
    responses.watch = watch;
    responses.places = TestPlaces.of(0, 0, 1_000);
    // The bytes of a state besides its tool call are fewer than 1,000.
    responses.answers = new JsonAnswers((TOOL_CALL + 1_000L) * UNREAD * JsonAnswers.SHARE_OF_ALL);
  }

  /** Asks for the state a second after the last time, while the stream grows. */
  private FakeConnection ask(String caller) throws Exception {
    FakeConnection from = new FakeConnection(1);
    test.text("a");
    clock.addAndGet(Frames.STATE_SHARED);
    responses.now(test.run, UnaryOperator.identity(), asked(caller, from.request()), answer);
    if (!from.listenerIsMissing()) {
      from.read(1);
    }
    return from;
  }

  private static String readAll(FakeConnection from) throws Exception {
    for (int before = -1; before < from.received().length(); ) {
      before = from.received().length();
      from.read();
    }
    return from.received();
  }

  private Object nextResumed() throws InterruptedException {
    return resumed.poll(20, TimeUnit.SECONDS);
  }

  @Test
  void statesOfAGrowingStreamThatACallerDoesNotRead_areBoundedByTheirToolCalls() throws Exception {
    test.open().delta(PiecesTest.toolCall(TOOL_CALL));
    List<FakeConnection> unread = new ArrayList<>();
    for (int i = 0; i < UNREAD; i++) {
      unread.add(ask("alice"));
    }
    assertThat(resumed).isEmpty();
    assertThat(ask("alice").answered).isEmpty();
    assertThat(nextResumed()).isInstanceOf(RateLimitedException.class);

    assertThat(readAll(ask("admin"))).contains("x".repeat(TOOL_CALL));
    assertThat(readAll(unread.get(0))).contains("x".repeat(TOOL_CALL));
    assertThat(readAll(ask("alice"))).as("one was read").contains("x".repeat(TOOL_CALL));
  }

  @Test
  void runRemovedBeforeItsStateIsSent_isNotFound() throws Exception {
    test.open().text("a").complete();
    test.dismissListeners();
    assertThat(ask("alice").answered).isEmpty();
    assertThat(nextResumed())
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> assertThat(e.error().code()).isEqualTo(ErrorCode.STREAM_NOT_FOUND));
  }

  private FakeConnection cancel() {
    FakeConnection from = new FakeConnection(Integer.MAX_VALUE);
    responses.cancel(test.run, UnaryOperator.identity(), asked("alice", from.request()), answer);
    return from;
  }

  @Test
  void cancelAgain_isRefusedWhenThePlacesAreTaken() throws Exception {
    responses.places = TestPlaces.of(2, 0, 1_000);
    test.open();
    responses.places.enter(test.run, "bob");
    responses.places.enter(test.run, "bob");
    FakeConnection first = cancel();
    assertThatExceptionOfType(RateLimitedException.class).isThrownBy(this::cancel);
    test.complete();
    assertThat(readAll(first)).contains("\"status\":\"completed\"");
  }
}
