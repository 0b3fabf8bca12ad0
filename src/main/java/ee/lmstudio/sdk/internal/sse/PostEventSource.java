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
 * A JAX-RS {@link SseEventSource} that posts.
 *
 * <p>It posts once, on one connection, and never reconnects by itself: posting a prompt again costs
 * GPU time, so the caller decides. {@link #close()} may be called from any thread in any phase and
 * does not wait for the server. An answer that is not an event stream is kept, with its body, in an
 * {@link UnexpectedAnswerException}.
 *
 * <p>An answer with status 200 whose content type does not say what it is (missing, {@code
 * text/plain} or wrong) is read as what its first bytes are. A body in gzip is decoded.
 *
 * <p>Register consumers, then call {@link #open()}. The {@link Executor} chooses the thread: the
 * SDK reads on the thread of its caller, with {@code Runnable::run}.
 */
public final class PostEventSource implements SseEventSource {
  /** Ends an unfinished line and the event before it. */
  private static final byte[] BLANK_LINE = {'\n', '\n'};

  private static final Thread.Builder.OfVirtual POSTING = Thread.ofVirtual().name("lmstudio-post");

  /**
   * Hears what JAX-RS has no consumer for, on the thread that reads the stream. Every method may
   * throw, which ends the stream.
   */
  public interface Signals {
    /** The headers are here, whatever they say; nothing of the body was read. */
    default void onHeaders(HttpAnswer head) {}

    /** The server accepted the request: an event stream follows. */
    default void onOpen() {}

    /** {@code count} more bytes have come. Called before what they hold. */
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
     * The stream ended, in order or because the connection failed. Returns whether to report an
     * event that has no blank line, which the standard ignores.
     */
    default boolean onEnd() {
      return false;
    }

    /** Returns whether the stream has said everything, so that its end need not be waited for. */
    default boolean enough() {
      return false;
    }
  }

  /** Passes what the parser finds to the consumers and the signals. */
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

  /** What a reader gets that {@link #close()} stopped. */
  private final CancelledException closed =
      new CancelledException("The event source was closed", "Nothing to do.", null);

  // Set to null after posting, so that the prompt can be collected.
  private Invocation invocation;

  private Consumer<InboundSseEvent> onEvent;
  private Consumer<Throwable> onError = error -> {};
  private Runnable onComplete = () -> {};

  /**
   * A source that has not posted yet.
   *
   * @param request where to post; the {@link StopSwitch} breaks it off through the request's {@code
   *     Exchange} property
   * @param body the request body
   * @param stop ends the stream from any thread
   * @param signals hears what JAX-RS has no consumer for
   * @param reader runs the reading
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

  /** Runs each task on a new virtual thread. */
  public static Executor onVirtualThread() {
    return task -> Thread.ofVirtual().name("lmstudio-event-source").start(task);
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
          "The answer says that it is in gzip, but it cannot be decoded",
          "Switch compression off in the proxy before LM Studio.",
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
   * Posts on a thread that ends with the headers. A virtual thread keeps the memory of its deepest
   * wait: this wait is sixty calls deep in the client, and the reader may live for an hour.
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
      // It fails now, unless an answer came just before.
      posting.thenAccept(Response::close);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted before the headers came");
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
   * Posts, and reads until the stream ends, where the executor runs it. The last call is either
   * {@code onError}, with whatever went wrong, an exception of a consumer or a signal included, or
   * {@code onComplete}, after the server's end or {@link #close()}.
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

  /** Ends the stream at once, from any thread, in any phase. Does not wait for the last call. */
  @Override
  public void close() {
    stop.stop(closed);
  }

  /** Ends the stream at once and waits until the reader has let go. */
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
