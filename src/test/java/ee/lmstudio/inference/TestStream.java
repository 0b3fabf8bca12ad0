package ee.lmstudio.inference;

import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.GenerationRequest;
import ee.lmstudio.sdk.model.GenerationStats;
import ee.lmstudio.sdk.model.ServerStats;
import ee.lmstudio.sdk.model.Usage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stream without an LM Studio: the test says what comes, and when. For tests of listeners, too.
 */
public final class TestStream {
  public static final String ID = "00112233445566778899aabbccddeeff";
  public static final GenerationRequest REQUEST = ChatRequest.of("asked", "Hello");

  /** Nanoseconds, as the stream sees them. */
  public final AtomicLong clock = new AtomicLong(1);

  public final GenerationStream stream;
  private final LogWriter writer;

  public TestStream() {
    this(REQUEST);
  }

  public TestStream(GenerationRequest request) {
    stream = new GenerationStream(ID, "alice", request, false, clock::get);
    writer = new LogWriter(stream, bytes -> {}, () -> {});
  }

  public TestStream open() {
    writer.open();
    return this;
  }

  public TestStream text(String text) {
    return delta(Delta.ofContent(text));
  }

  public TestStream delta(Delta delta) {
    writer.onDelta(delta);
    return this;
  }

  public TestStream model(String name) {
    writer.onModel(name);
    return this;
  }

  public TestStream complete() {
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
