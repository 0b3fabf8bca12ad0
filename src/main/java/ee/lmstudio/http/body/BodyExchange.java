package ee.lmstudio.http.body;

import ee.lmstudio.http.AnswerThread;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ErrorAnswer;
import ee.lmstudio.http.error.ErrorServlet;
import ee.lmstudio.server.GrizzlyRequest;
import ee.lmstudio.server.ServiceThread;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A request that the container has suspended. First its body arrives, then the request waits for
 * its turn, and then the container dispatches it to the application.
 */
final class BodyExchange {
  /** How long a request whose body has arrived may wait until the application gets it. */
  static final Duration TURN = Duration.ofSeconds(30);

  /**
   * Maximum number of answers to suspended requests that are written at the same time, in place of
   * the application's answers.
   */
  static final int ENDED_AT_ONCE = 256;

  private static final Semaphore ANSWERS = new Semaphore(ENDED_AT_ONCE);
  private static final Logger LOG = Logger.getLogger(BodyExchange.class.getName());
  private static final String ATTRIBUTE = BodyExchange.class.getName();
  private static final long LEAVES_WITHIN_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LOOK_EVERY_NANOS = 50_000;

  private enum State {
    ARRIVING,
    WAITING,
    DISPATCHED,
    BEGUN,
    OVER
  }

  private final Party party;
  private final BufferedRequest passed;
  private final HttpServletResponse response;
  private final KeptBody kept;
  private final String path;
  private final String uri;
  private final String url;
  private final AsyncContext context;
  private final LongSupplier nanoTime;
  private final FairGate.Turn turn = this::dispatch;

  /** The container's thread that suspends the request; null when it has done so. */
  private volatile Thread suspending = Thread.currentThread();

  /** Guarded by this, like the fields below. */
  private State state = State.ARRIVING;

  private FairGate gate;
  private long arrived;

  /**
   * Suspends a request.
   *
   * @param passed the request that the application will get
   * @param kept the body of {@code passed}
   */
  BodyExchange(
      Party party,
      BufferedRequest passed,
      HttpServletResponse response,
      KeptBody kept,
      LongSupplier nanoTime) {
    this.party = party;
    this.passed = passed;
    this.response = response;
    this.kept = kept;
    this.path = RouteTable.path(passed);
    this.uri = passed.getRequestURI();
    this.url = passed.getRequestURL().toString();
    this.nanoTime = nanoTime;
    passed.setAttribute(ATTRIBUTE, this);
    context = suspend(passed, response);
  }

  /** Suspends a request until {@link AsyncContext#complete} or a dispatch. */
  static AsyncContext suspend(HttpServletRequest passed, HttpServletResponse response) {
    AsyncContext context = passed.startAsync(passed, response);
    context.setTimeout(0); // The pace of the body and the time for its turn are the limits.
    return context;
  }

  /** Returns the exchange of a request that the container dispatches; null if there is none. */
  static BodyExchange of(ServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof BodyExchange exchange ? exchange : null;
  }

  /** Called when the container's thread has suspended the request and does no more for it. */
  void suspended() {
    suspending = null;
  }

  /** Returns the request that the application gets. */
  BufferedRequest passed() {
    return passed;
  }

  /** Called when the body has arrived. Dispatches the request when its turn at a gate has come. */
  void arrived(FairGate turns) {
    synchronized (this) {
      state = State.WAITING;
      gate = turns;
      arrived = nanoTime.getAsLong();
    }
    turns.enter(party, turn);
  }

  /** Returns false if the request is over. This may run on the thread of another request. */
  private boolean dispatch() {
    synchronized (this) {
      if (state != State.WAITING) {
        return false; // The request was given up.
      }
      state = State.DISPATCHED;
    }
    try {
      if (Thread.currentThread() != suspending) {
        awaitThatThreadLeft();
      }
      context.dispatch();
      return true;
    } catch (IllegalStateException gone) {
      LOG.log(Level.FINE, "The container has completed a request that waited for its turn", gone);
    }
    synchronized (this) {
      if (state != State.DISPATCHED) {
        return true; // The thread that gave it up has left the gate.
      }
      state = State.OVER;
    }
    kept.release();
    return false;
  }

  /**
   * Waits until the thread that suspended the request has left the container's code, which takes
   * microseconds. Payara loses a dispatch that another thread requests just at that moment.
   */
  private void awaitThatThreadLeft() {
    long end = System.nanoTime() + LEAVES_WITHIN_NANOS;
    while (!ServiceThread.hasLeft(context) && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
  }

  /** Returns whether the application may process the request now. Only one call returns true. */
  synchronized boolean begin() {
    boolean begins = state == State.DISPATCHED;
    state = begins ? State.BEGUN : state;
    return begins;
  }

  /** Returns whether a dispatched request has the path that the access filter has checked. */
  boolean hasCheckedPath(HttpServletRequest dispatched) {
    return RouteTable.path(dispatched).equals(path);
  }

  /** Returns a dispatched request with the URI that the client sent; Payara decodes that URI. */
  HttpServletRequest withSentUri(HttpServletRequest dispatched) {
    return new HttpServletRequestWrapper(dispatched) {
      @Override
      public String getRequestURI() {
        return uri;
      }

      @Override
      public StringBuffer getRequestURL() {
        return new StringBuffer(url);
      }
    };
  }

  /**
   * Returns a response whose {@code sendError} writes the error in our format. For a dispatched
   * request, Payara sends the status and the message of {@code sendError}, and calls no error page.
   */
  static HttpServletResponse withOwnErrors(
      HttpServletRequest dispatched, HttpServletResponse response) {
    return new HttpServletResponseWrapper(response) {
      @Override
      public void sendError(int status) throws IOException {
        if (isCommitted()) {
          throw new IllegalStateException("The response is committed");
        }
        ErrorServlet.answer(dispatched, response, status);
        // What the application writes after an error must not reach the client.
        response.getOutputStream().close();
      }

      @Override
      public void sendError(int status, String message) throws IOException {
        sendError(status);
      }
    };
  }

  /** Called when the application has processed the request. Frees its memory and its place. */
  void processed() {
    kept.release();
    gate.leave(party);
  }

  /** Returns whether the application has got the request, or will never get it. */
  synchronized boolean isOver() {
    return state == State.BEGUN || state == State.OVER;
  }

  /**
   * Gives the request up if it has waited in vain. Returns whether the caller must answer it. A
   * request that is dispatched is answered when the container passes it on: until then, the
   * container may be using the response.
   */
  boolean giveUpIfLate() {
    State before;
    synchronized (this) {
      boolean waits = state == State.WAITING || state == State.DISPATCHED;
      if (!waits || nanoTime.getAsLong() - arrived < TURN.toNanos()) {
        return false;
      }
      before = state;
      state = State.OVER;
    }
    kept.release();
    if (before == State.DISPATCHED) {
      gate.leave(party);
      return false;
    }
    gate.cancel(party, turn);
    return true;
  }

  /** Returns the response of the request. */
  HttpServletResponse response() {
    return response;
  }

  /** Answers the request instead of the application. */
  void answer(ApiError error) {
    finish(context, () -> ErrorAnswer.write(passed, response, error));
  }

  /**
   * Answers a suspended request on a thread of its own, because writing may block. If {@link
   * #ENDED_AT_ONCE} such answers are already being written, the connection is closed without an
   * answer.
   */
  static void finish(AsyncContext context, RequestBodies.Answer answer) {
    if (!ANSWERS.tryAcquire()) {
      GrizzlyRequest.of(context.getRequest()).closingAtOnce().run();
      complete(context);
      return;
    }
    AnswerThread.start(
        () -> {
          try {
            answer.write();
          } catch (IOException gone) {
            LOG.log(Level.FINE, "The client has left", gone);
          } finally {
            ANSWERS.release();
            complete(context);
          }
        });
  }

  private static void complete(AsyncContext context) {
    try {
      context.complete();
    } catch (IllegalStateException gone) {
      LOG.log(Level.FINE, "The container has completed the request already", gone);
    }
  }
}
