package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IdempotentRunsTest {
  private static final JsonObject BODY = body("Hello");

  private final Set<Run> readable = new HashSet<>();
  private final AtomicInteger started = new AtomicInteger();
  private final Set<Run> abandoned = ConcurrentHashMap.newKeySet();
  private final IdempotentRuns runs = new IdempotentRuns(readable::contains, abandoned::contains);

  private static JsonObject body(String prompt) {
    return Json.createObjectBuilder().add("prompt", prompt).add("stream", true).build();
  }

  private Run start() {
    started.incrementAndGet();
    Run run = new TestRun().run;
    readable.add(run);
    return run;
  }

  private Optional<StartedRun> ask(String owner, String key, JsonObject body) {
    return runs.startOrFind(owner, key, "/infer", body, this::start);
  }

  @Test
  void sameKeyAndBody_findTheRun() {
    StartedRun first = ask("alice", "k", BODY).orElseThrow();
    StartedRun again = ask("alice", "k", body("Hello")).orElseThrow();

    assertThat(first.replayed()).isFalse();
    assertThat(again).isEqualTo(new StartedRun(first.run(), true));
    assertThat(started).hasValue(1);
  }

  @Test
  void anotherBody_isRefused() {
    ask("alice", "k", BODY);
    assertThat(ask("alice", "k", body("Bye"))).isEmpty();
    assertThat(started).hasValue(1);
  }

  @Test
  void anotherKeyOrOwner_startsAnotherRun() {
    Run first = ask("alice", "k", BODY).orElseThrow().run();
    assertThat(ask("alice", "l", BODY).orElseThrow().run()).isNotSameAs(first);
    assertThat(ask("bob", "k", BODY).orElseThrow().run()).isNotSameAs(first);
  }

  @Test
  void keyOfARunThatIsNotKept_canBeUsedAgain() {
    ask("alice", "k", BODY);
    readable.clear();
    assertThat(ask("alice", "k", body("Bye")).orElseThrow().replayed()).isFalse();
  }

  @Test
  void abandonedRun_isStartedAgainForTheSameRequestOnly() {
    Run first = ask("alice", "k", BODY).orElseThrow().run();
    abandoned.add(first);
    assertThat(ask("alice", "k", body("Bye"))).isEmpty();

    StartedRun again = ask("alice", "k", BODY).orElseThrow();
    assertThat(again.replayed()).isFalse();
    assertThat(again.run()).isNotSameAs(first);
    assertThat(ask("alice", "k", BODY).orElseThrow()).isEqualTo(new StartedRun(again.run(), true));
    assertThat(started).hasValue(2);
  }

  @Test
  void keyOfARunThatCouldNotStart_canBeUsedAgain() {
    assertThatThrownBy(
            () ->
                runs.startOrFind(
                    "alice",
                    "k",
                    "/infer",
                    BODY,
                    () -> {
                      throw new IllegalStateException("full");
                    }))
        .hasMessage("full");
    assertThat(ask("alice", "k", body("Bye")).orElseThrow().replayed()).isFalse();
  }

  @Test
  void keysOfRunsThatAreNotKept_takeNoMemory() {
    for (int i = 0; i < 100; i++) {
      ask("alice", "k" + i, BODY);
    }
    runs.tidy();
    assertThat(runs.size()).isEqualTo(100);
    readable.clear();
    runs.tidy();
    assertThat(runs.size()).isZero();
  }

  @Test
  void manyRequestsAfterAnAbandonedRun_startOneRun() throws Exception {
    abandoned.add(ask("alice", "k", BODY).orElseThrow().run());
    manyAtTheSameMoment();
    assertThat(started).hasValue(2);
  }

  @Test
  void manyAtTheSameMoment_startOneRun() throws Exception {
    manyAtTheSameMoment();
    assertThat(started).hasValue(1);
  }

  private void manyAtTheSameMoment() throws Exception {
    List<Callable<Run>> asks = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      asks.add(() -> ask("alice", "k", BODY).orElseThrow().run());
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Set<Run> found = new HashSet<>();
      for (Future<Run> one : threads.invokeAll(asks)) {
        found.add(one.get());
      }
      assertThat(found).hasSize(1);
    }
  }
}
