package ee.lmstudio.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.CollectedLog;
import ee.lmstudio.sdk.CallRecord;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.EventContext;
import jakarta.enterprise.inject.spi.ObserverMethod;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.eclipse.microprofile.metrics.Counter;
import org.eclipse.microprofile.metrics.Metadata;
import org.eclipse.microprofile.metrics.MetricRegistry;
import org.eclipse.microprofile.metrics.Tag;
import org.eclipse.microprofile.metrics.Timer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call record becomes a log line, metrics and a CDI event. */
@Timeout(30)
class CallTelemetryTest {
  private static final Peer MACHINE = new Peer("den", "10.0.0.7", 1234);
  private final Map<String, List<Object>> updates = new TreeMap<>();
  private final List<Consumer<SdkCallCompleted>> observers = new ArrayList<>();
  private final BlockingQueue<SdkCallCompleted> observed = new LinkedBlockingQueue<>();
  private final List<String> written = new ArrayList<>();
  private final CallTelemetry telemetry = new CallTelemetry();

  CallTelemetryTest() {
    telemetry.names = new ModelNames();
    telemetry.exports = new Exports();
    telemetry.metrics = new CallMetrics();
    telemetry.metrics.registry =
        fake(MetricRegistry.class, (method, arguments) -> metric(arguments));
    telemetry.events = new CallEvents();
    telemetry.events.beans =
        fake(
            BeanManager.class,
            (method, arguments) ->
                observers.stream().map(CallTelemetryTest::observer).collect(Collectors.toSet()));
    telemetry.events.begin();
    telemetry.actions =
        new ActionLog() {
          @Override
          boolean isOn() {
            return true;
          }

          @Override
          void write(String line) {
            written.add(line);
          }
        };
  }

  @AfterEach
  void end() {
    telemetry.events.end();
  }

  /** An implementation that returns the same value from every method of an interface. */
  private interface Answer {
    Object to(String method, Object[] arguments);
  }

  private static <T> T fake(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> answer.to(method.getName(), arguments);
                }));
  }

  private static ObserverMethod<?> observer(Consumer<SdkCallCompleted> does) {
    return fake(
        ObserverMethod.class,
        (method, arguments) -> {
          switch (method) {
            case "isAsync" -> {
              return false;
            }
            case "getPriority" -> {
              return 1;
            }
            default -> {
              does.accept((SdkCallCompleted) ((EventContext<?>) arguments[0]).getEvent());
              return null;
            }
          }
        });
  }

  /** A metric that records its updates under its name and tags. */
  private Object metric(Object[] arguments) {
    StringBuilder name = new StringBuilder(((Metadata) arguments[0]).getName());
    for (Tag tag : (Tag[]) arguments[1]) {
      name.append(' ').append(tag.getTagName()).append('=').append(tag.getTagValue());
    }
    List<Object> noted = updates.computeIfAbsent(name.toString(), none -> new ArrayList<>());
    return Proxy.newProxyInstance(
        Counter.class.getClassLoader(),
        new Class<?>[] {Counter.class, Timer.class},
        (proxy, method, given) -> {
          noted.add(given == null ? 1L : given[0]);
          return null;
        });
  }

  @Test
  void everyCall_isALineOfTheActionLog() {
    telemetry.onCall(MACHINE, CallLineTest.chat("a model", "ann"));
    telemetry.onCall(MACHINE, CallLineTest.failedListing());
    assertThat(written).hasSize(2);
    assertThat(written.get(0)).startsWith("{\"event\":\"lmstudio.call\"").contains("\"ann\"");
    assertThat(written.get(1)).contains("\"outcome\":\"failed\"");
  }

  @Test
  void metrics_countCallsTimesAndTokens() {
    telemetry.onCall(MACHINE, CallLineTest.chat("any model", "any caller"));
    telemetry.onCall(MACHINE, CallLineTest.chat("any other", "any other"));
    telemetry.onCall(MACHINE, CallLineTest.failedListing());
    String listing = "upstream=den model=none";
    assertThat(updates)
        .containsAllEntriesOf(
            Map.of(
                "lmstudio.calls " + listing + " method=listModels outcome=failed",
                List.of(1L),
                "lmstudio.call.duration " + listing + " method=listModels",
                List.of(Duration.ofMillis(3)),
                "lmstudio.attempts " + listing + " method=listModels",
                List.of(2L)));
    for (String model : List.of("any model", "any other")) {
      String chat = "upstream=den model=" + model;
      assertThat(updates)
          .containsAllEntriesOf(
              Map.of(
                  "lmstudio.calls " + chat + " method=createChatCompletion outcome=completed",
                  List.of(1L),
                  "lmstudio.attempts " + chat + " method=createChatCompletion",
                  List.of(4L),
                  "lmstudio.downgrades " + chat + " reason=break",
                  List.of(1L),
                  "lmstudio.call.duration " + chat + " method=createChatCompletion",
                  List.of(Duration.ofMillis(812)),
                  "lmstudio.call.first.token " + chat + " method=createChatCompletion",
                  List.of(Duration.ofMillis(140)),
                  "lmstudio.call.chunk.interval " + chat + " method=createChatCompletion",
                  List.of(Duration.ofMillis(10)),
                  "lmstudio.tokens " + chat + " method=createChatCompletion kind=prompt",
                  List.of(12L),
                  "lmstudio.tokens " + chat + " method=createChatCompletion kind=completion",
                  List.of(40L)));
    }
    assertThat(updates).hasSize(19);
  }

  @Test
  void serverWithoutMetrics_isTriedOnce() throws InterruptedException {
    List<String> asked = new ArrayList<>();
    telemetry.metrics.registry =
        fake(
            MetricRegistry.class,
            (method, arguments) -> {
              asked.add(method);
              throw new IllegalStateException("metrics are off");
            });
    observers.add(observed::add);
    telemetry.onCall(MACHINE, CallLineTest.failedListing());
    telemetry.onCall(MACHINE, CallLineTest.failedListing());
    assertThat(asked).hasSize(1);
    assertThat(observed.poll(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(observed.poll(20, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void line_isLoggedAtInfo() {
    CollectedLog log = new CollectedLog();
    Logger external = Logger.getLogger("external");
    external.addHandler(log);
    try {
      telemetry.onCall(MACHINE, CallLineTest.chat("{0}", "alice"));
      external.setLevel(Level.WARNING);
      telemetry.onCall(MACHINE, CallLineTest.chat("m", "alice"));
    } finally {
      external.setLevel(null);
      external.removeHandler(log);
    }
    List<LogRecord> logged = log.records();
    assertThat(logged).hasSize(1);
    assertThat(logged.get(0).getLevel()).isEqualTo(Level.INFO);
    assertThat(logged.get(0).getMessage())
        .startsWith("{\"event\":\"lmstudio.call\"")
        .contains("{0}");
    assertThat(logged.get(0).getParameters()).isNull();
  }

  @Test
  void event_isFiredToAllObserversAlthoughOneThrows() throws InterruptedException {
    observers.add(
        event -> {
          throw new IllegalStateException("an observer's own");
        });
    observers.add(observed::add);
    CallRecord call = CallLineTest.chat("m", "alice");
    telemetry.onCall(MACHINE, call);
    assertThat(observed.poll(20, TimeUnit.SECONDS))
        .isEqualTo(new SdkCallCompleted(MACHINE.name(), call));
  }

  @Test
  void observerThatBlocks_delaysNoCallAndCostsEventsOnlyWhenTooManyWait() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    observers.add(
        event -> {
          blocked.countDown();
          try {
            goOn.await();
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
          observed.add(event);
        });
    SdkCallCompleted event = new SdkCallCompleted(MACHINE.name(), CallLineTest.failedListing());
    telemetry.events.fire(event);
    blocked.await();
    for (int i = 0; i < Backlog.MOST_WAITING + 5; i++) {
      telemetry.events.fire(event);
    }
    goOn.countDown();
    for (int i = 0; i < Backlog.MOST_WAITING + 1; i++) {
      assertThat(observed.poll(20, TimeUnit.SECONDS)).as("event %d", i).isNotNull();
    }
    telemetry.events.end();
    assertThat(observed).isEmpty();
  }

  @Test
  void withoutObservers_thereIsNoThread() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    telemetry.onCall(MACHINE, CallLineTest.failedListing());
    Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
    started.removeAll(before);
    assertThat(started).extracting(Thread::getName).doesNotContain("lmstudio-call-events");
  }
}
