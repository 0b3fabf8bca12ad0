package ee.lmstudio.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.simulator.SimulatorRequest;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** An LM Studio that does as scripted, and the SDK connected to it without pauses. */
final class ScriptedLmStudio implements AutoCloseable {
  /** How long a test waits for what must happen. */
  static final Duration LIMIT = Duration.ofSeconds(20);

  static final ChatRequest HELLO = ChatRequest.of("asked", Canaries.PROMPT);

  final SocketSimulator server = SocketSimulator.scripted();
  final LmStudio sdk;

  /** What telemetry was told, call by call. */
  final Queue<CallRecord> records = new ConcurrentLinkedQueue<>();

  private final AtomicInteger chats = new AtomicInteger();

  ScriptedLmStudio() {
    this(UnaryOperator.identity());
  }

  ScriptedLmStudio(UnaryOperator<LmStudioSettings.Builder> settings) {
    this(settings, LmStudio::connect);
  }

  ScriptedLmStudio(
      UnaryOperator<LmStudioSettings.Builder> settings,
      BiFunction<LmStudioSettings, CallListener, LmStudio> connect) {
    LmStudioSettings.Builder builder =
        LmStudioSettings.builder()
            .baseUrl(server.url())
            .apiKey(Secret.of(Canaries.KEY))
            .streamRetryPause(Duration.ZERO);
    sdk = connect.apply(settings.apply(builder).build(), records::add);
  }

  /** Answers what the SDK asks before the first generation, as a current version does. */
  ScriptedLmStudio current() {
    server.enqueue("/api/v1/models", Script.respondWithJson(200, "{\"models\":[]}"));
    return this;
  }

  /** What was posted, without the questions of which version this is. */
  List<SimulatorRequest> posts() {
    return server.requests().stream().filter(request -> request.method().equals("POST")).toList();
  }

  ScriptedLmStudio answering(Script... scripts) {
    for (Script script : scripts) {
      server.enqueue(script);
    }
    return this;
  }

  /** Asks once and says how it went. */
  Outcome chat() {
    return chat(new RecordingObserver());
  }

  Outcome chat(RecordingObserver observer) {
    return chat(observer, CallOptions.NONE);
  }

  Outcome chat(RecordingObserver observer, CallOptions options) {
    Completion answer = null;
    Throwable error = null;
    long before = server.generationsPosted();
    String id = "chat-" + chats.incrementAndGet();
    try {
      answer =
          sdk.with(options)
              .with(CallOptions.builder().requestId(id).build())
              .createChatCompletion(HELLO, observer);
    } catch (RuntimeException | Error e) {
      error = e;
    }
    Outcome outcome = new Outcome(answer, error, observer, server.generationsPosted() - before);
    assertThat(records.stream().filter(call -> call.requestId().filter(id::equals).isPresent()))
        .singleElement()
        .satisfies(outcome::isToldBy);
    return outcome;
  }

  /** Makes a call, interrupts it when the server stalls, and says what it threw. */
  Throwable thrownWhenInterrupted(Consumer<LmStudio> call) throws Exception {
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    call.accept(sdk);
                    thrown.complete(null);
                  } catch (RuntimeException | Error e) {
                    thrown.complete(e);
                  }
                });
    assertThat(server.awaitStall(LIMIT)).isTrue();
    caller.interrupt();
    return thrown.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    sdk.close();
    server.close();
  }
}
