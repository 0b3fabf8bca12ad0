package ee.lmstudio.http.events;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.config.TestSettings;
import ee.lmstudio.http.api.EventText;
import ee.lmstudio.http.api.EventText.Event;
import ee.lmstudio.run.ListenerPlaces;
import ee.lmstudio.run.TestRun;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One listener with a client that reads as much as a test lets it, and a clock that tests turn. */
abstract class EventStreamResponseFixture {
  static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

  /** Enough time for a client that reads a batch one byte a second. */
  static final Duration KEPT = Duration.ofHours(6);

  static final String BIG = "x".repeat(64 * 1024);

  final AtomicLong clock = new AtomicLong(1);
  final ListenerWatch watch = new ListenerWatch(clock::get);
  final AtomicInteger released = new AtomicInteger();
  final TestRun test = new TestRun();
  FakeConnection client = new FakeConnection(Integer.MAX_VALUE);

  EventStreamResponseFixture() {
    Duration none = Duration.ZERO;
    watch.settings =
        TestSettings.with(
            new ServerSettings.Streams(0, 0, none, 0, none, none, KEPT, none, KEEP_ALIVE, none));
  }

  EventStreamResponse listen(long after) throws IOException {
    EventStreamResponse listener = listener(after, watch);
    listener.begin(to -> {});
    client.read();
    return listener;
  }

  EventStreamResponse listener(long after, ListenerWatch watch) {
    return new EventStreamResponse(
        client.request(),
        test.run,
        after,
        Dialect.API,
        watch,
        new ListenerPlaces().enterAlways(test.run, "alice"),
        released::incrementAndGet);
  }

  void slowClient() {
    client = new FakeConnection(1);
  }

  List<Event> events() {
    return EventText.events(client.received());
  }

  /** The client reads until nothing more comes. */
  void readAll() throws IOException {
    for (int before = -1; before < client.received().length(); ) {
      before = client.received().length();
      client.read();
    }
  }

  Event only(String name) {
    List<Event> found = events().stream().filter(event -> event.name().equals(name)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  Event last() {
    return events().get(events().size() - 1);
  }
}
