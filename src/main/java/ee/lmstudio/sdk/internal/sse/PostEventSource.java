package ee.lmstudio.sdk.internal.sse;

import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.http.Failures;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.StopSwitch;
import ee.lmstudio.sdk.internal.http.UnexpectedAnswerException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.InboundSseEvent;
import jakarta.ws.rs.sse.SseEventSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.zip.ZipException;

/**
 * Reads an event stream that answers a POST, as a JAX-RS {@link SseEventSource}.
 *
 * <p>This class posts once, on one connection, and never reconnects by itself: another POST of the
 * prompt costs GPU time, so that the caller has to decide. {@link #close()} may be called from any
 * thread in any phase and does not wait for the server. An answer that is not an event stream is
 * kept, with its body, in an {@link UnexpectedAnswerException}.
 *
 * <p>If the content type of an answer with status 200 is missing, {@code text/plain} or wrong, the
 * first bytes decide how the answer is read. A gzip body is decoded.
 *
 * <p>Register consumers, then call {@link #open()}. The {@link Executor} chooses the thread: the
 * SDK reads on the thread of its caller, with {@code Runnable::run}.
 */
public final class PostEventSource implements SseEventSource {
  /** Ends an unfinished line and the event before it. */
  private static final byte[] BLANK_LINE = {'\n', '\n'};

  private static final Thread.Builder.OfVirtual POSTING = Thread.ofVirtual().name("lmstudio-post");

  /**
   * Receives signals for which JAX-RS has no consumer, on the thread that reads the stream. An
   * exception from any method ends the stream.
   */
  public interface Signals {
    /** Called when the headers have arrived, with any status. The body has not been read yet. */
    default void onHeaders(HttpAnswer head) {}

    /** Called when the server has accepted the request: an event stream follows. */
    default void onOpen() {}

    /** Called when {@code count} more bytes have arrived, before the events that they contain. */
    default void onBytes(int count) {}

    /** See {@link EventStreamListener#onComment()}. */
    default void onComment() {}

    /** See {@link EventStreamListener#onOtherLine(String)}. */
    default void onOtherLine(String line) {}

    /** See {@link EventStreamListener#beginsNewEvent(byte, byte)}. */
    default boolean beginsNewEvent(byte last, byte first) {
      return false;
    }

    /**
     * Called when the stream has ended, in order or because the connection failed. Returns whether
     * to report an event that has no blank line, which the standard ignores.
     */
    default boolean onEnd() {
      return false;
    }

    /** Returns whether the stream is complete, so that the reader need not wait for its end. */
    default boolean enough() {
      return false;
    }
  }

  /** Passes the parser's events to the consumers and the signals. */
  private final class Heard implements EventStreamListener {
    @Override
    public void onEvent(ServerSentEvent event) {
      onEvent.accept(event);
    }

    @Override
    public void onComment() {
      signals.onComment();
    }

    @Override
    public void onOtherLine(String line) {
      signals.onOtherLine(line);
    }

    @Override
    public boolean beginsNewEvent(byte last, byte first) {
      return signals.beginsNewEvent(last, first);
    }
  }

  private final StopSwitch stop;
  private final Signals signals;
  private final Executor reader;
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** The exception for a reader that {@link #close()} stopped. */
  private final CancelledException closed =
      new CancelledException("The event source was closed", "Nothing to do.", null);

  // Set to null after posting, so that the prompt can be collected.
  private Invocation invocation;

  private Consumer<InboundSseEvent> onEvent;
  private Consumer<Throwable> onError = error -> {};
  private Runnable onComplete = () -> {};

  /**
   * Creates a source that has not posted yet.
   *
   * @param request the request to post; the {@link StopSwitch} interrupts it through its {@code
   *     Exchange} property
   * @param body the request body
   * @param stop ends the stream from any thread
   * @param signals receives signals for which JAX-RS has no consumer
   * @param reader runs the code that reads the stream
   */
  public PostEventSource(
      Invocation.Builder request,
      Entity<?> body,
      StopSwitch stop,
      Signals signals,
      Executor reader) {
    this.invocation = request.buildPost(body);
    this.stop = stop;
    this.signals = signals;
    this.reader = reader;
  }

  private void read() {
    try {
      readOnce();
    } catch (Exception e) {
      if (e != closed) {
        onError.accept(e);
        return;
      }
    }
    onComplete.run();
  }

  private void readOnce() throws IOException {
    try {
      stop.throwIfStopped();
      exchange();
    } catch (IOException e) {
      stop.throwIfStoppedOrInterrupted();
      throw Failures.ofBody(e);
    } finally {
      stop.nothingToBreakOff();
      ended.countDown();
    }
    stop.throwIfStopped();
  }

  private void exchange() throws IOException {
    try (Response response = post()) {
      HttpAnswer head = HttpAnswer.head(response);
      signals.onHeaders(head);
      AnswerBody body = AnswerBody.requireEventStream(head, response);
      signals.onOpen();
      stream(body);
    } catch (ZipException corrupt) {
      throw new ProtocolException(
          "The answer is labelled as gzip, but cannot be decoded",
          "Switch off compression in the proxy in front of LM Studio.",
          corrupt);
    }
  }

  private void stream(AnswerBody body) throws IOException {
    EventStreamParser parser = new EventStreamParser(new Heard());
    try {
      for (int count = body.count(); count >= 0; count = body.read()) {
        if (count == 0) {
          continue;
        }
        signals.onBytes(count);
        parser.feed(body.buffer(), 0, count);
        if (signals.enough()) {
          return;
        }
      }
    } catch (EventTooLargeException | ZipException unreadable) {
      throw unreadable;
    } catch (IOException failed) {
      stop.throwIfStoppedOrInterrupted();
      end(parser);
      throw failed;
    }
    end(parser);
  }

  private void end(EventStreamParser parser) throws EventTooLargeException {
    if (signals.onEnd()) {
      parser.feed(BLANK_LINE, 0, BLANK_LINE.length);
    }
  }

  /**
   * Posts on a separate thread that ends when the headers have arrived. A virtual thread keeps the
   * stack memory of its deepest wait: this wait is sixty calls deep in the client, and the reading
   * thread may live for an hour.
   */
  private Response post() throws IOException {
    CompletableFuture<Response> posting =
        CompletableFuture.supplyAsync(invocation::invoke, POSTING::start);
    invocation = null;
    try {
      return posting.get();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      stop.interrupted(e);
      // The post fails now, unless an answer has just arrived.
      posting.thenAccept(Response::close);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted before the headers arrived");
    }
  }

  /** Finds the failure of the connection; exceptions of a signal are thrown as they are. */
  private static IOException failure(Throwable cause) {
    switch (cause) {
      case ProcessingException wrapped -> {
        return Failures.unwrap(wrapped);
      }
      case RuntimeException defect -> throw defect;
      case Error error -> throw error;
      default -> {
        return new IOException(cause);
      }
    }
  }

  @Override
  public void register(Consumer<InboundSseEvent> event) {
    onEvent = onEvent == null ? event : onEvent.andThen(event);
  }

  @Override
  public void register(Consumer<InboundSseEvent> event, Consumer<Throwable> error) {
    register(event);
    onError = onError.andThen(error);
  }

  @Override
  public void register(
      Consumer<InboundSseEvent> event, Consumer<Throwable> error, Runnable complete) {
    register(event, error);
    Runnable before = onComplete;
    onComplete =
        () -> {
          before.run();
          complete.run();
        };
  }

  /**
   * Posts, and reads until the stream ends, on the executor. The last call is either {@code
   * onError} with the exception, which may come from a consumer or a signal, or {@code onComplete}
   * after the end of the stream or after {@link #close()}.
   *
   * @throws IllegalStateException if it was opened before
   */
  @Override
  public void open() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("A PostEventSource posts once; create another one");
    }
    if (onEvent == null) {
      onEvent = event -> {};
    }
    reader.execute(this::read);
  }

  @Override
  public boolean isOpen() {
    return started.get() && ended.getCount() > 0;
  }

  /**
   * Ends the stream at once, from any thread, in any phase. Does not wait for the last call of a
   * consumer.
   */
  @Override
  public void close() {
    stop.stop(closed);
  }

  /** Ends the stream at once and waits until the reader has finished. */
  @Override
  public boolean close(long timeout, TimeUnit unit) {
    close();
    try {
      return !started.get() || ended.await(timeout, unit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
