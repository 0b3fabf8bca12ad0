package ee.lmstudio.sdk;

import static ee.lmstudio.sdk.ScriptedLmStudio.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.internal.HttpSdk;
import ee.lmstudio.sdk.internal.http.SingleFlight;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.HealthStatus;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.socket.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However many callers list the models, LM Studio is asked twice at a time. */
@Timeout(60)
class SharedListingTest {
  private static final String MODELS =
      "{\"object\":\"list\",\"data\":[{\"id\":\"%s\",\"object\":\"model\"}]}";
  private static final int MANY = 20;
  private static final Duration ENDLESS = Duration.ZERO;
  private static final Duration NONE = Duration.ofNanos(1);

  private ScriptedLmStudio lmStudio = withPatience(ENDLESS);
  private final List<Thread> threads = new ArrayList<>();

  /**
   * @param patience how long callers wait while two listings run
   */
  private static ScriptedLmStudio withPatience(Duration patience) {
    return new ScriptedLmStudio(
        s -> s.maxRetries(1),
        (settings, listener) -> new HttpSdk(settings, Optional.of(listener), patience));
  }

  @AfterEach
  void close() {
    lmStudio.close();
  }

  private FutureTask<List<String>> list() {
    return list(ModelFilter.ALL);
  }

  private FutureTask<List<String>> list(ModelFilter filter) {
    return start(
        () ->
            lmStudio.sdk.with(CallOptions.by("a", "b")).listModels(filter).models().stream()
                .map(ModelSummary::id)
                .toList());
  }

  /** Starts a caller, and returns when it waits for a listing, or has ended. */
  private <T> FutureTask<T> start(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = Thread.ofVirtual().start(task);
    threads.add(thread);
    while (thread.isAlive() && !waitsForAListing(thread)) {
      Thread.onSpinWait();
    }
    return task;
  }

  private static boolean waitsForAListing(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        && Stream.of(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(SingleFlight.class.getName()));
  }

  /** Starts a caller whose listing LM Studio does not answer until it is told to. */
  private FutureTask<List<String>> listSlowly(String model) throws InterruptedException {
    answerSlowly(model);
    FutureTask<List<String>> task = list();
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    return task;
  }

  private void answerSlowly(String model) {
    lmStudio.server.enqueue(
        "/v1/models",
        Script.respondWith(200, "application/json").thenStall().body(MODELS.formatted(model)));
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
    lmStudio.close();
    lmStudio = withPatience(NONE);
    listSlowly("hangs");
    listSlowly("hangs");
    models("new");
    assertThat(list().get()).containsExactly("new");
  }

  @Test
  void filtersOfCallersWhoWait_areAppliedToOneListing() throws Exception {
    listSlowly("a");
    listSlowly("b");
    List<FutureTask<List<String>>> others = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      others.add(list(ownedBy("owner" + i)));
    }
    lmStudio.server.enqueue(
        "/v1/models",
        Script.respondWithJson(
            200,
            """
            {"data":[{"id":"one","owned_by":"owner1"},{"id":"two","owned_by":"owner2"}]}
            """));
    lmStudio.server.release();
    lmStudio.server.release();
    for (int i = 0; i < MANY; i++) {
      List<String> expected = i == 1 ? List.of("one") : i == 2 ? List.of("two") : List.of();
      assertThat(others.get(i).get()).isEqualTo(expected);
    }
    assertThat(listings()).isEqualTo(3);
    assertThat(lmStudio.server.requests())
        .filteredOn(request -> request.path().equals("/v1/models"))
        .last()
        .extracting(SimulatorRequest::target)
        .isEqualTo("/v1/models");
  }

  private static ModelFilter ownedBy(String owner) {
    return new ModelFilter(
        Optional.of(owner), Optional.empty(), OptionalInt.empty(), Optional.empty());
  }

  /** The cursor of the next page counts only the models that the query finds. */
  @Test
  void callerWhoWaitsForAServerWithPages_getsAPageOfItsOwnQuery() throws Exception {
    listSlowly("a");
    listSlowly("b");
    FutureTask<Optional<String>> cursor =
        start(() -> lmStudio.sdk.listModels(ownedBy("me")).nextCursor());
    lmStudio.server.enqueue("/v1/models", page("7th of all"));
    lmStudio.server.enqueue("/v1/models", page("7th of mine"));
    lmStudio.server.release();
    lmStudio.server.release();
    assertThat(cursor.get()).hasValue("s7th of mine");
    assertThat(lmStudio.server.requests())
        .extracting(SimulatorRequest::target)
        .contains("/v1/models", "/v1/models?owned_by=me");
  }

  private static Script page(String next) {
    return Script.respondWithJson(200, "{\"data\":[],\"next_cursor\":\"%s\"}".formatted(next));
  }

  @Test
  void healthChecksOfAServerWithoutHealth_shareListings() throws Exception {
    for (int i = 0; i < 2 + MANY; i++) {
      lmStudio.server.enqueue("/health", Script.respondWithJson(404, "{}"));
    }
    List<FutureTask<HealthStatus>> checks = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      answerSlowly("a");
      checks.add(start(lmStudio.sdk::healthCheck));
      assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    }
    for (int i = 0; i < MANY; i++) {
      checks.add(start(lmStudio.sdk::healthCheck));
    }
    models("new");
    lmStudio.server.release();
    lmStudio.server.release();
    for (FutureTask<HealthStatus> check : checks) {
      assertThat(check.get().status()).isEqualTo("ok");
    }
    assertThat(listings()).isEqualTo(3);
  }

  @Test
  void healthCheck_doesNotWaitForListingsThatHang() throws Exception {
    listSlowly("hangs");
    listSlowly("hangs");
    lmStudio.server.enqueue("/health", Script.respondWithJson(404, "{}"));
    models("new");
    assertThat(lmStudio.sdk.healthCheck().status()).isEqualTo("ok");
  }

  @Test
  void failedListing_isToldToAllWithItsStatusAndRetries() throws Exception {
    FutureTask<List<String>> first = listSlowly("a");
    FutureTask<List<String>> second = listSlowly("b");
    FutureTask<List<String>> third = list();
    FutureTask<List<String>> fourth = list();
    for (int i = 0; i < 2; i++) {
      lmStudio.server.enqueue("/v1/models", busy());
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

  private CallRecord only() {
    assertThat(lmStudio.records).hasSize(1);
    return lmStudio.records.remove();
  }

  private static Script busy() {
    return Script.respondWithJson(503, "{\"error\":\"busy\"}").header("Retry-After", "0");
  }

  @Test
  void healthCheckWhoseListingFails_hasTheStatusOfTheListing() {
    lmStudio.server.enqueue("/health", Script.respondWithJson(404, "{}"));
    lmStudio.server.enqueue("/v1/models", busy());
    lmStudio.server.enqueue("/v1/models", busy());
    assertThatThrownBy(lmStudio.sdk::healthCheck).isInstanceOf(ServerException.class);
    CallRecord record = only();
    assertThat(record.status()).hasValue(503);
    assertThat(record.retries()).isEqualTo(1);
  }

  @Test
  void callerWhoLeaves_hasTheStatusAndTheRetriesSoFar() throws Exception {
    lmStudio.server.enqueue("/health", Script.respondWithJson(404, "{}"));
    lmStudio.server.enqueue("/v1/models", busy());
    lmStudio.server.enqueue("/v1/models", Script.respondWithRaw(new byte[0]).thenStall());
    FutureTask<HealthStatus> check = start(lmStudio.sdk::healthCheck);
    assertThat(lmStudio.server.awaitStall(LIMIT)).isTrue();
    threads.get(0).interrupt();
    assertThatThrownBy(check::get).hasCauseInstanceOf(CancelledException.class);
    CallRecord record = only();
    assertThat(record.status()).as("the second request has no answer").isEmpty();
    assertThat(record.retries()).isEqualTo(1);
    lmStudio.server.release();
  }

  @Test
  void chatThatNamesNoModel_hasOneRetryBudgetForItsListingAndItself() {
    lmStudio.server.enqueue("/v1/models", busy());
    models("m");
    lmStudio.answering(busy(), Script.respondWithEvents(Chunks.text("a") + Chunks.end()));
    assertThatThrownBy(() -> lmStudio.sdk.createChatCompletion(ChatRequest.of("Hello")))
        .isInstanceOf(ServerException.class);
    assertThat(lmStudio.posts()).hasSize(1);
    assertThat(only().retries()).isEqualTo(1);
  }

  @Test
  void chatThatNamesNoModel_isUnderItsFirstTokenLimitWhileItListsTheModels() {
    lmStudio.server.enqueue("/v1/models", Script.respondWithRaw(new byte[0]).thenStall());
    assertThatThrownBy(
            () ->
                lmStudio
                    .sdk
                    .with(
                        CallOptions.builder()
                            .generationLimit(Duration.ZERO)
                            .firstTokenLimit(Duration.ofMillis(50))
                            .build())
                    .createChatCompletion(ChatRequest.of("Hello")))
        .isInstanceOfSatisfying(
            TimeoutException.class,
            late -> assertThat(late.limit()).isEqualTo(TimeoutException.Limit.FIRST_TOKEN));
    lmStudio.server.release();
  }
}
