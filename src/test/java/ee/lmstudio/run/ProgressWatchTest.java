package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.stream.Phase;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamStatus;
import ee.lmstudio.upstreams.ModelStates;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ProgressWatchTest {
  private final AtomicLong clock = new AtomicLong(1);
  private final AtomicInteger asked = new AtomicInteger();
  private volatile Thread asker;
  private volatile String state = "not-loaded";
  private final SynchronousQueue<Boolean> answering = new SynchronousQueue<>();

  /** An SDK that can only list models, and only when the test allows it. */
  private final SdkContract sdk =
      (SdkContract)
          Proxy.newProxyInstance(
              SdkContract.class.getClassLoader(),
              new Class<?>[] {SdkContract.class},
              (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("listModels");
                assertThat(arguments).containsExactly(ModelFilter.ALL);
                asked.incrementAndGet();
                asker = Thread.currentThread();
                answering.take();
                return models();
              });

  private final Admission admission =
      new Admission(
          new ServerSettings.Streams(
              2,
              0,
              Duration.ofHours(1),
              0,
              Duration.ofMinutes(1),
              Duration.ZERO,
              Duration.ofMinutes(10),
              Duration.ofSeconds(1),
              Duration.ofSeconds(10),
              Duration.ofSeconds(10)),
          Long.MAX_VALUE,
          clock::get);
  private final ModelStates states = new ModelStates(sdk, clock::get);
  private final ProgressWatch watch =
      new ProgressWatch(admission, states::phaseOf, Duration.ofSeconds(1));
  private final Run stream = stream();
  private final RunWriter writer = new RunWriter(stream, bytes -> {}, () -> {});
  private final TestHandle handle = new TestHandle(() -> {});

  private Run stream() {
    return TestRun.of(TestRun.REQUEST, Duration.ofMinutes(1), clock::get);
  }

  private ModelPage models() {
    if (state == null) {
      throw new ServerException(500, "no", "look");
    }
    ModelSummary asked =
        new ModelSummary(
            "asked",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(state),
            ModelSummary.Metadata.NONE);
    return new ModelPage(List.of(asked), Optional.empty(), Optional.empty());
  }

  private List<StreamEvent> progress() {
    return LongStream.rangeClosed(1, stream.log().lastCursor())
        .mapToObj(cursor -> stream.log().entry(cursor).event())
        .filter(StreamEvent.Progress.class::isInstance)
        .toList();
  }

  private static StreamEvent in(Phase phase) {
    return new StreamEvent.Progress(phase, 0);
  }

  private void runs() {
    writer.open();
    stream.running(handle);
    watch.add(stream, writer, admission.enter("alice", 0));
  }

  private Place allPlacesTaken() {
    admission.enter("alice", 0);
    return admission.enter("alice", 0);
  }

  private void lookAfter(Duration time) {
    clock.addAndGet(time.toNanos());
    watch.look();
  }

  /** Waits until LM Studio has answered the question for the states, and the answer is stored. */
  private void statesAnswered() throws InterruptedException {
    assertThat(answering.offer(true, 10, TimeUnit.SECONDS)).isTrue();
    asker.join();
  }

  @Test
  void fastStream_reportsNoProgress() {
    runs();
    lookAfter(Duration.ofMillis(999));
    assertThat(progress()).isEmpty();
    assertThat(asked).hasValue(0);
  }

  @Test
  void notYetPosted_reportsConnecting() {
    runs();
    lookAfter(Duration.ofSeconds(1));
    lookAfter(Duration.ofSeconds(1));
    assertThat(progress()).as("said once").containsExactly(in(Phase.CONNECTING));
  }

  @Test
  void modelIsLoading_thenPromptIsProcessed() throws Exception {
    runs();
    handle.posted = true;
    lookAfter(Duration.ofSeconds(1));
    assertThat(progress()).as("not known yet").isEmpty();
    statesAnswered();
    watch.look();
    assertThat(progress()).containsExactly(in(Phase.LOADING_MODEL));
    state = "loaded";
    lookAfter(Duration.ofSeconds(1));
    statesAnswered();
    watch.look();
    assertThat(progress()).containsExactly(in(Phase.LOADING_MODEL), in(Phase.PROCESSING_PROMPT));
    assertThat(asked).hasValue(2);
  }

  @Test
  void statesUnknown_promptIsProcessedAndNobodyAsksForAMinute() throws Exception {
    state = null;
    runs();
    handle.posted = true;
    lookAfter(Duration.ofSeconds(1));
    statesAnswered();
    for (int second = 0; second < 59; second++) {
      lookAfter(Duration.ofSeconds(1));
    }
    assertThat(progress()).containsExactly(in(Phase.PROCESSING_PROMPT));
    assertThat(asked).hasValue(1);
  }

  @Test
  void concurrentProbes_shareOneRequest() throws Exception {
    runs();
    handle.posted = true;
    for (int i = 0; i < 20; i++) {
      Run other = stream();
      other.running(handle);
      Place place = new Place(admission, "bob", 0);
      place.comesUp();
      watch.add(other, new RunWriter(other, bytes -> {}, () -> {}), place);
    }
    lookAfter(Duration.ofSeconds(1));
    lookAfter(Duration.ofMillis(1));
    statesAnswered();
    assertThat(asked).hasValue(1);
  }

  @Test
  void afterText_noProgressIsReported() {
    runs();
    writer.onDelta(Delta.ofContent("a"));
    lookAfter(Duration.ofSeconds(5));
    assertThat(progress()).isEmpty();
  }

  @Test
  void queued_isToldItsPlaceWheneverThatChanges() {
    Place runs = allPlacesTaken();
    Place first = admission.enter("alice", 0);
    assertThat(first.isWaiting()).isTrue();
    writer.open();
    watch.add(stream, writer, admission.enter("bob", 0));
    assertThat(TestRun.status(stream)).isEqualTo(StreamStatus.QUEUED);
    watch.look();
    runs.leave();
    watch.look();
    assertThat(progress())
        .containsExactly(
            new StreamEvent.Progress(Phase.QUEUED, 2), new StreamEvent.Progress(Phase.QUEUED, 1));
    writer.waitsFor(Phase.CONNECTING, 0);
    assertThat(TestRun.status(stream)).isEqualTo(StreamStatus.RUNNING);
  }

  @Test
  void queuedWorkOnAModel_reportsItsPositionUntilItsTurnComes() {
    Place runs = allPlacesTaken();
    Place first = admission.enter("alice", 0);
    Place own = admission.enter("bob", 0);
    writer.open();
    watch.addQueued(stream, writer, own);
    watch.look();
    first.cancel();
    watch.look();
    runs.leave();
    assertThat(own.isWaiting()).isFalse();
    lookAfter(Duration.ofMinutes(1));
    assertThat(progress())
        .containsExactly(
            new StreamEvent.Progress(Phase.QUEUED, 2), new StreamEvent.Progress(Phase.QUEUED, 1));
    assertThat(asked).hasValue(0);
  }

  @Test
  void queuedBeforeTheLogOpens_isToldWhenItOpens() {
    allPlacesTaken();
    watch.add(stream, writer, admission.enter("bob", 0));
    writer.open();
    assertThat(progress()).containsExactly(new StreamEvent.Progress(Phase.QUEUED, 1));
  }

  @Test
  void queuePassedBeforeTheLogOpens_reportsNothing() {
    allPlacesTaken();
    watch.add(stream, writer, admission.enter("bob", 0));
    writer.waitsFor(Phase.CONNECTING, 0);
    writer.open();
    assertThat(progress()).isEmpty();
  }
}
