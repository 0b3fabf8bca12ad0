package ee.lmstudio.run;

import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.GenerationRequest;
import ee.lmstudio.sdk.model.GenerationStats;
import ee.lmstudio.sdk.model.ServerStats;
import ee.lmstudio.sdk.model.Usage;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamHead;
import ee.lmstudio.stream.StreamStatus;
import ee.lmstudio.stream.memory.MemoryStreamLog;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A run without LM Studio. The test decides which entries are appended, and when. */
public final class TestRun {
  public static final String ID = "00112233445566778899aabbccddeeff";
  public static final GenerationRequest REQUEST = ChatRequest.of("asked", "Hello");

  /** What the entries of the test's stream are. */
  static final StreamContent CONTENT = new StreamContent(StreamContent.Kind.CHAT, false);

  /** Some terminal entry. */
  public static final StreamEvent.Completed COMPLETED =
      new StreamEvent.Completed(
          "stop", JsonValue.EMPTY_JSON_OBJECT, JsonValue.EMPTY_JSON_OBJECT, List.of(), 1, false);

  /** The clock of the run, in nanoseconds. */
  public final AtomicLong clock = new AtomicLong(1);

  public final Run run;
  private final RunWriter writer;

  public TestRun() {
    this(REQUEST);
  }

  public TestRun(GenerationRequest request) {
    run = of(request, Duration.ofMinutes(1), clock::get);
    writer = new RunWriter(run, bytes -> {}, () -> {});
  }

  /** Creates a run without work, with an empty log in memory. */
  static Run of(GenerationRequest request, Duration grace, LongSupplier nanoTime) {
    return new Run(emptyLog(request), grace, nanoTime);
  }

  /** Returns a log without entries. */
  public static MemoryStreamLog emptyLog() {
    return emptyLog(REQUEST);
  }

  private static MemoryStreamLog emptyLog(GenerationRequest request) {
    String hash = PromptHash.of(request.toJson());
    return new MemoryStreamLog(
        new StreamHead(ID, "alice", hash, request.model(), Instant.now(), CONTENT));
  }

  /** Returns the status of a run, as its listing tells it. */
  static StreamStatus status(Run run) {
    return Snapshot.withoutTexts(run.log()).status();
  }

  public TestRun open() {
    writer.open();
    return this;
  }

  public TestRun text(String text) {
    return delta(Delta.ofContent(text));
  }

  public TestRun delta(Delta delta) {
    writer.onDelta(delta);
    return this;
  }

  public TestRun model(String name) {
    writer.onModel(name);
    return this;
  }

  public TestRun reset(String reason) {
    writer.onReset(reason);
    return this;
  }

  /** Sends away all listeners, as the registry does when it needs the log's memory. */
  public void dismissListeners() {
    run.presence().dismiss();
  }

  public TestRun complete() {
    writer.onCompleted(answer("the answer"));
    return this;
  }

  public static Completion answer(String content) {
    return Completion.builder()
        .model("answered")
        .content(content)
        .usage(new Usage(3, 5, true))
        .stats(new GenerationStats(Optional.empty(), Duration.ofMillis(20), 0, ServerStats.NONE))
        .attempts(1)
        .build();
  }
}
