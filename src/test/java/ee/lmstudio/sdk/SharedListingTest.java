package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.ScriptedLmStudio.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.simulator.socket.Script;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However many callers list the models, LM Studio is asked twice at a time. */
@Timeout(60)
class SharedListingTest {
  private static final String MODELS =
      "{\"object\":\"list\",\"data\":[{\"id\":\"%s\",\"object\":\"model\"}]}";
  private static final int MANY = 20;
  private static final Set<Thread.State> WAITING =
      EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  private final ScriptedLmStudio lmStudio = new ScriptedLmStudio(s -> s.maxRetries(1));
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void close() {
    lmStudio.close();
  }

  /** Starts a caller, and returns when it waits. */
  private FutureTask<List<String>> list() {
    FutureTask<List<String>> task =
        new FutureTask<>(
            () -> {
              ModelPage page =
                  lmStudio.sdk.with(CallOptions.by("a", "b")).listModels(ModelFilter.ALL);
              return page.models().stream().map(ModelSummary::id).toList();
            });
    Thread thread = Thread.ofVirtual().start(task);
    threads.add(thread);
    while (!WAITING.contains(thread.getState())) {
      Thread.onSpinWait();
    }
    return task;
  }

  /** Starts a caller whose listing LM Studio does not answer until it is told to. */
  private FutureTask<List<String>> listSlowly(String model) throws InterruptedException {
    lmStudio.server.enqueue(
        "/v1/models",
        Script.respondWith(200, "application/json").thenStall().body(MODELS.formatted(model)));
    FutureTask<List<String>> task = list();
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    return task;
  }

  private void models(String model) {
    lmStudio.server.enqueue("/v1/models", Script.respondWithJson(200, MODELS.formatted(model)));
  }

  private long listings() {
    return lmStudio.server.requests().stream()
        .filter(request -> request.path().equals("/v1/models"))
        .count();
  }

  @Test
  void callersWhileTwoListingsRun_shareOneThatBeginsLater() throws Exception {
    FutureTask<List<String>> first = listSlowly("old");
    FutureTask<List<String>> second = listSlowly("old");
    List<FutureTask<List<String>>> others = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      others.add(list());
    }
    assertThat(listings()).isEqualTo(2);
    models("new");
    lmStudio.server.release();
    lmStudio.server.release();
    assertThat(first.get()).containsExactly("old");
    assertThat(second.get()).containsExactly("old");
    for (FutureTask<List<String>> other : others) {
      assertThat(other.get()).as("is not older than its request").containsExactly("new");
    }
    assertThat(listings()).isEqualTo(3);
  }

  @Test
  void callersWhoLeaveBeforeTheirListingBegins_causeNoRequest() throws Exception {
    listSlowly("a");
    listSlowly("b");
    FutureTask<List<String>> third = list();
    threads.get(2).interrupt();
    assertThatThrownBy(third::get).hasCauseInstanceOf(CancelledException.class);
    assertThat(listings()).isEqualTo(2);

    FutureTask<List<String>> fourth = list();
    models("d");
    lmStudio.server.release();
    assertThat(fourth.get()).containsExactly("d");
    assertThat(listings()).isEqualTo(3);
  }

  @Test
  void listingWhoseOnlyCallerLeaves_isEndedAndMakesRoom() throws Exception {
    FutureTask<List<String>> first = listSlowly("a");
    listSlowly("b");
    FutureTask<List<String>> third = list();
    models("c");
    threads.get(0).interrupt();
    assertThatThrownBy(first::get).hasCauseInstanceOf(CancelledException.class);
    assertThat(third.get()).containsExactly("c");
    lmStudio.server.release();
  }

  /**
   * After a fault of the network, both running listings can hang although LM Studio works again.
   */
  @Test
  void listingsThatHang_holdUpLaterOnesForAShortTimeOnly() throws Exception {
    listSlowly("hangs");
    listSlowly("hangs");
    models("new");
    assertThat(list().get()).containsExactly("new");
  }

  @Test
  void healthOfAServerWithoutHealth_sharesItsListing() throws Exception {
    List<FutureTask<Object>> checks = new ArrayList<>();
    models("a");
    models("a");
    for (int i = 0; i < 2; i++) {
      lmStudio.server.enqueue(
          "/v1/models",
          Script.respondWith(200, "application/json").thenStall().body(MODELS.formatted("a")));
    }
    for (int i = 0; i < MANY; i++) {
      FutureTask<Object> task = new FutureTask<>(lmStudio.sdk::healthCheck);
      checks.add(task);
      Thread.ofVirtual().start(task);
    }
    for (int i = 0; i < 2; i++) {
      lmStudio.server.release();
    }
    for (FutureTask<Object> check : checks) {
      check.get();
    }
    assertThat(listings()).isLessThan(MANY);
  }

  @Test
  void failedListing_isToldToAllWithItsStatusAndRetries() throws Exception {
    FutureTask<List<String>> first = listSlowly("a");
    FutureTask<List<String>> second = listSlowly("b");
    FutureTask<List<String>> third = list();
    FutureTask<List<String>> fourth = list();
    for (int i = 0; i < 2; i++) {
      lmStudio.server.enqueue(
          "/v1/models",
          Script.respondWithJson(503, "{\"error\":\"busy\"}").header("Retry-After", "0"));
    }
    lmStudio.server.release();
    lmStudio.server.release();
    first.get();
    second.get();
    for (FutureTask<List<String>> failed : List.of(third, fourth)) {
      assertThatThrownBy(failed::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(ServerException.class);
    }
    assertThat(lmStudio.records)
        .filteredOn(record -> record.outcome() == CallRecord.Outcome.FAILED)
        .hasSize(2)
        .allSatisfy(
            record -> {
              assertThat(record.method()).isEqualTo(CallMethod.LIST_MODELS);
              assertThat(record.status()).isEqualTo(OptionalInt.of(503));
              assertThat(record.retries()).isEqualTo(1);
            });
  }
}
