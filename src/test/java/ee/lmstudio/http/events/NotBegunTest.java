package ee.lmstudio.http.events;

import static ee.lmstudio.http.events.FakeConnection.fake;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.run.ListenerPlaces;
import ee.lmstudio.run.TestRun;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The container refuses before the first byte of an event stream. */
class NotBegunTest {
  private final IllegalStateException refused = new IllegalStateException("no output");
  private final List<Object> answers = new ArrayList<>();
  private final AsyncResponse answer =
      fake(
          AsyncResponse.class,
          (name, arguments) -> name.equals("resume") && answers.add(arguments[0]));

  @Test
  void containerThatRefuses_isAnErrorAndNoEmpty200() {
    HttpServletResponse response =
        fake(
            HttpServletResponse.class,
            (name, arguments) -> {
              if (name.equals("getOutputStream")) {
                throw refused;
              }
              return null;
            });
    ServletRequest request = fake(ServletRequest.class, (name, arguments) -> null);
    AsyncContext exchange =
        fake(
            AsyncContext.class,
            (name, arguments) ->
                switch (name) {
                  case "getResponse" -> response;
                  case "getRequest" -> request;
                  default -> null;
                });
    TestRun test = new TestRun();
    EventStreamResponse listener = listener(exchange, test, new ListenerWatch());

    RunResponses.begin(listener, to -> {}, answer);

    assertThat(answers).containsExactly(refused);
  }

  @Test
  void memoryOfTheLogNeeded_isNotFoundAndNoEmpty200() {
    for (boolean before : new boolean[] {true, false}) {
      TestRun test = new TestRun();
      FakeConnection client = new FakeConnection(1);
      ListenerWatch watch = new ListenerWatch();
      if (before) {
        test.dismissListeners();
      }
      EventStreamResponse listener = listener(client.request(), test, watch);
      if (!before) {
        test.dismissListeners();
      }
      answers.clear();

      RunResponses.begin(listener, to -> {}, answer);

      assertThat(client.answered).isEmpty();
      assertThat(answers).hasSize(1).first().isInstanceOf(ApiException.class);
      assertNothingLeft(test, watch);
    }
  }

  /** The client has left before the listener could be attached. */
  @Test
  void requestThatIsOver_leavesNothingBehind() {
    AsyncContext over =
        fake(
            AsyncContext.class,
            (name, arguments) -> {
              throw refused;
            });
    TestRun test = new TestRun();
    ListenerWatch watch = new ListenerWatch();

    assertThatThrownBy(() -> listener(over, test, watch)).isSameAs(refused);

    assertNothingLeft(test, watch);
  }

  private static void assertNothingLeft(TestRun test, ListenerWatch watch) {
    Frames frames = watch.join(test.run.log(), Dialect.API);
    watch.leave(test.run.log(), Dialect.API);
    assertThat(watch.join(test.run.log(), Dialect.API)).as("not in use").isNotSameAs(frames);
  }

  private static EventStreamResponse listener(
      AsyncContext exchange, TestRun test, ListenerWatch watch) {
    return new EventStreamResponse(
        exchange,
        test.run,
        0,
        Dialect.API,
        watch,
        new ListenerPlaces().enterAlways(test.run, "alice"),
        () -> {});
  }
}
