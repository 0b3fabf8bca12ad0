package ee.lmstudio.sdk.internal.sse;

import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.internal.http.Failures;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.StopSwitch;
import ee.lmstudio.sdk.internal.http.UnexpectedAnswerException;
import ee.lmstudio.sdk.internal.http.Upstream;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.InboundSseEvent;
import jakarta.ws.rs.sse.SseEventSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.glassfish.jersey.message.internal.ReaderWriter;

/**
 * A JAX-RS {@link SseEventSource} that posts.
 *
 * <p>It posts once, on one connection, and never reconnects by itself: posting a prompt again burns
 * somebody's GPU, so that is for the caller to decide. {@link #close()} may be called from any
 * thread in any phase and does not wait for the server. An answer that is no event stream is kept,
 * with its body, in a {@link UnexpectedAnswerException}.
 *
 * <p>Use {@link #open()} as JAX-RS has it, which reads on a virtual thread of its own; or {@link
 * #read(Listener)} to read on the calling thread.
 */
public final class PostEventSource implements SseEventSource {
  /** As large as the client's own buffer, which it then passes by and never allocates. */
  private static final int BUFFER = ReaderWriter.BUFFER_SIZE;

  /** After the end of an unfinished line. */
  private static final byte[] BLANK_LINE = {'\n', '\n'};

  private static final Thread.Builder.OfVirtual POSTING = Thread.ofVirtual().name("lmstudio-post");

  /** Hears of everything that a stream brings, on the thread that reads it. */
  public interface Listener extends EventStreamListener {
    /** The headers are here, whatever they say; of the body nothing was read. */
    default void onHeaders(HttpAnswer head) {}

    /** The server accepted: an event stream follows. */
    default void onOpen() {}

    /** So many more bytes have come, whatever they are. Called before what they hold. */
    default void onBytes(int count) {}

    /**
     * The server ended the stream, in order. Whether to hear of an event that it left without its
     * blank line, which the standard passes over.
     */
    default boolean onEnd() {
      return false;
    }

    /** Whether the stream has said all, so that its end need not be waited for. */
    default boolean enough() {
      return false;
    }
  }

  private final StopSwitch stop;
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  // Gone once it is posted, and what it holds with it: the prompt, for one.
  private Invocation invocation;

  private Consumer<InboundSseEvent> onEvent = event -> {};
  private Consumer<Throwable> onError = error -> {};
  private Runnable onComplete = () -> {};

  /**
   * A source that has not posted yet.
   *
   * @param request where to post; the {@link StopSwitch} breaks it off through the request's {@code
   *     Exchange} property
   * @param body what to post
   * @param stop ends the stream from any thread
   */
  public PostEventSource(Invocation.Builder request, Entity<?> body, StopSwitch stop) {
    this.invocation = request.buildPost(body);
    this.stop = stop;
  }

  /**
   * Posts, and reads until the stream ends. Returns when the server ended it.
   *
   * @throws UnexpectedAnswerException if the answer is none
   * @throws EventTooLargeException if a line or an event is over its limit
   * @throws IOException if the connection fails
   * @throws ee.lmstudio.sdk.error.LmStudioException the reason, if the switch was used
   */
  public void read(Listener listener) throws IOException {
    start();
    readOnce(listener);
  }

  private void start() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("A PostEventSource posts once; create another one");
    }
  }

  private void readOnce(Listener listener) throws IOException {
    try {
      stop.throwIfStopped();
      exchange(listener);
    } catch (IOException e) {
      stop.throwIfStoppedOrInterrupted();
      throw Failures.ofBody(e);
    } finally {
      stop.nothingToBreakOff();
      ended.countDown();
    }
    stop.throwIfStopped();
  }

  private void exchange(Listener listener) throws IOException {
    try (Response response = post()) {
      HttpAnswer head = HttpAnswer.head(response);
      listener.onHeaders(head);
      if (!(head.status() == 200 && head.saysEventStream() && !head.compressed())) {
        throw new UnexpectedAnswerException(HttpAnswer.read(response, Upstream.MAX_JSON));
      }
      InputStream in = HttpAnswer.body(response);
      listener.onOpen();
      EventStreamParser parser = new EventStreamParser(listener);
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        listener.onBytes(count);
        parser.feed(buffer, 0, count);
        if (listener.enough()) {
          return;
        }
      }
      if (listener.onEnd()) {
        parser.feed(BLANK_LINE, 0, BLANK_LINE.length);
      }
    }
  }

  /**
   * Posts on a thread that ends with the headers. A virtual thread keeps the memory of its deepest
   * wait: this one is sixty calls deep in the client, and who reads may live for an hour.
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

  /** What a listener throws is its own affair; what the client throws is the connection's. */
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
    onEvent = onEvent.andThen(event);
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
   * Posts and reads on a virtual thread; returns at once. The last call is either {@code onError},
   * with whatever went wrong, a listener's exception included, or {@code onComplete}, after the
   * server's end or {@link #close()}.
   */
  @Override
  public void open() {
    start();
    Thread.ofVirtual().name("lmstudio-event-source").start(this::readForConsumers);
  }

  private void readForConsumers() {
    try {
      readOnce(onEvent::accept);
    } catch (CancelledException closed) {
      onComplete.run();
      return;
    } catch (Exception e) {
      onError.accept(e);
      return;
    }
    onComplete.run();
  }

  @Override
  public boolean isOpen() {
    return started.get() && ended.getCount() > 0;
  }

  /** Ends the stream at once, from any thread, in any phase. Does not wait for the last call. */
  @Override
  public void close() {
    stop.stop(new CancelledException("The event source was closed", "Nothing to do.", null));
  }

  /** Ends the stream at once and waits until its thread has let go. */
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
