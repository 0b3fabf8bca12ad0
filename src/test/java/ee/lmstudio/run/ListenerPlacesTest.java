package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.stream.StreamHead;
import ee.lmstudio.stream.memory.MemoryStreamLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListenerPlacesTest {
  private final Run first = run("first");
  private final Run second = run("second");

  private static Run run(String id) {
    StreamHead head =
        new StreamHead(
            id, "alice", "", ChatRequest.of("m", "Hello").model(), Instant.now(), TestRun.CONTENT);
    return new Run(new MemoryStreamLog(head), Duration.ZERO, () -> 1);
  }

  private static RateLimitedException limited(ListenerPlaces places, Run run, String caller) {
    return assertThatExceptionOfType(RateLimitedException.class)
        .isThrownBy(() -> places.enter(run, caller))
        .actual();
  }

  @Test
  void streamFull_isRateLimitedUntilOneLeaves() {
    ListenerPlaces places = TestPlaces.of(2, 0, 100);
    places.enter(first, "alice");
    ListenerPlaces.Place place = places.enter(first, "bob");
    RateLimitedException refused = limited(places, first, "carol");
    assertThat(refused).hasMessageContaining("limit 2");
    assertThat(refused.hint()).contains("lm-studio.max-listeners-per-stream");
    assertThat(refused.retryAfter()).contains(Duration.ofSeconds(1));
    places.enter(second, "carol");
    place.close();
    places.enter(first, "carol");
  }

  @Test
  void callerFull_isRateLimitedWhileOthersAreNot() {
    ListenerPlaces places = TestPlaces.of(0, 2, 100);
    places.enter(first, "alice");
    ListenerPlaces.Place place = places.enter(second, "alice");
    assertThat(limited(places, first, "alice").hint())
        .contains("lm-studio.max-listeners-per-caller");
    places.enter(first, "bob");
    place.close();
    places.enter(first, "alice");
  }

  @Test
  void closedTwice_freesOnePlace() {
    ListenerPlaces places = TestPlaces.of(0, 2, 100);
    ListenerPlaces.Place place = places.enter(first, "alice");
    places.enter(first, "alice");
    place.close();
    place.close();
    places.enter(first, "alice");
    limited(places, first, "alice");
  }

  @Test
  void serverFull_isOverloadedForEverybody() {
    ListenerPlaces places = TestPlaces.of(0, 0, 2);
    places.enter(first, "alice");
    places.enter(first, "alice");
    assertThatExceptionOfType(OverloadedException.class)
        .isThrownBy(() -> places.enter(second, "bob"))
        .withMessageContaining("limit 2");
  }

  @Test
  void callerAlone_getsHalfOfThePlacesAndOthersFindSome() {
    ListenerPlaces places = TestPlaces.of(0, 100, 10);
    List<ListenerPlaces.Place> taken = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      taken.add(places.enter(first, "mallory"));
    }
    assertThatExceptionOfType(OverloadedException.class)
        .isThrownBy(() -> places.enter(first, "mallory"))
        .withMessageContaining("5 of 10")
        .satisfies(full -> assertThat(full.retryAfter()).contains(Duration.ofSeconds(1)));
    places.enter(first, "bob");
    places.enter(first, "bob");
    places.enter(first, "carol");
    taken.forEach(ListenerPlaces.Place::close);
    places.enter(first, "mallory");
  }

  @Test
  void listenerOfAStartedStream_countsAndIsNotRefused() {
    ListenerPlaces places = TestPlaces.of(1, 0, 1);
    ListenerPlaces.Place started = places.enterAlways(first, "alice");
    limited(places, first, "alice");
    places.enterAlways(first, "alice").close();
    limited(places, first, "alice");
    started.close();
    places.enter(first, "alice");
  }

  @Test
  void zero_isNoLimit() {
    ListenerPlaces places = TestPlaces.of(0, 0, 5_000);
    List<ListenerPlaces.Place> taken = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      taken.add(places.enter(first, "alice"));
    }
    taken.forEach(ListenerPlaces.Place::close);
    places.enter(first, "alice");
  }
}
