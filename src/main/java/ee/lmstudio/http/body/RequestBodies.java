package ee.lmstudio.http.body;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.Route;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.error.AccessErrors;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorAnswer;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.ListenerWatch;
import ee.lmstudio.server.RawBody;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Reads the bodies of all requests before the application gets them. If a small body came with its
 * headers, the request is passed on at once. Any other request with a body is suspended and holds
 * no thread while its body arrives and while it waits for its turn. Then the container dispatches
 * it, and {@link DispatchedBody} passes it on.
 */
@ApplicationScoped
public class RequestBodies {
  /** Writes an answer. */
  @FunctionalInterface
  public interface Answer {
    /** Writes the whole answer. */
    void write() throws IOException;
  }

  /**
   * The part of the heap that all bodies together may use until the application has read them: one
   * eighth. The large bodies that are being processed may take as much again.
   */
  static final int SHARE_OF_HEAP = 8;

  /** The size from which a body is large: its bytes, and the values that a parser makes of them. */
  static final int LARGE = 256 * 1024;

  /**
   * Estimated heap for each byte of the largest JSON body while it is processed: one in the body,
   * two in its text, two in the strings of its values, and the objects of as many values as {@code
   * JsonBounds} allows.
   */
  static final int PROCESSED_BYTE = 8;

  /** How many suspended requests with small bodies are processed at the same time. */
  static final int SMALL_AT_ONCE = 32;

  /**
   * How many bytes of a refused body are read and dropped before the answer is sent. A client that
   * sends more may lose the answer.
   */
  static final long MOST_DROPPED = 64L * 1024 * 1024;

  /** Limits the disk space of all bodies in files to this number of bodies of maximum length. */
  static final int FILES = 16;

  private static final Logger LOG = Logger.getLogger(RequestBodies.class.getName());

  private final LongSupplier nanoTime;
  private final long memoryBytes;
  private final BodyMemory memory;
  private final FairGate small = new FairGate(SMALL_AT_ONCE);

  private final Set<BodyExchange> waiting = ConcurrentHashMap.newKeySet();

  private final ClosingConnections closing;
  private final Runnable look = this::look;
  private ServerSettings settings;
  private ListenerWatch watch;
  private UnfinishedBodies<ArrivingBody> unfinished;
  private BodyMemory disk;

  /** The turns of large bodies: as many at once as the heap allows, at most one for each core. */
  private FairGate large;

  /** For the container's proxies. */
  protected RequestBodies() {
    this(null, null);
  }

  @Inject
  public RequestBodies(ServerSettings settings, ListenerWatch watch) {
    this(settings, watch, System::nanoTime, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  RequestBodies(
      ServerSettings settings, ListenerWatch watch, LongSupplier nanoTime, long memoryBytes) {
    this.settings = settings;
    this.watch = watch;
    this.nanoTime = nanoTime;
    this.memoryBytes = memoryBytes;
    this.memory = new BodyMemory(memoryBytes);
    this.closing = new ClosingConnections(nanoTime);
  }

  @PostConstruct
  void begin() {
    unfinished = new UnfinishedBodies<>(settings.bodies().maxUnfinishedPerCaller());
    disk = new BodyMemory((long) FILES * settings.bodies().maxAudioBytes());
    large = new FairGate(largeAtOnce(memoryBytes, settings.maxJsonBytes()));
    watch.add(look);
  }

  /** Returns how many large bodies may be processed at once. */
  static int largeAtOnce(long bytes, int largest) {
    int cores = Runtime.getRuntime().availableProcessors();
    return Math.clamp(bytes / ((long) PROCESSED_BYTE * largest), 1, cores);
  }

  @PreDestroy
  void end() {
    watch.remove(look);
  }

  /** Ends bodies and requests that take too long, and closes connections that are due. */
  void look() {
    closing.look();
    unfinished.all().forEach(ArrivingBody::checkPace);
    for (BodyExchange exchange : waiting) {
      if (exchange.giveUpIfLate()) {
        exchange.answer(BodyErrors.notProcessed());
      }
      if (exchange.isOver()) {
        waiting.remove(exchange);
      }
    }
  }

  /**
   * Passes a request on when its body is in memory or in a file. Two kinds of bodies are left to
   * the container: those that the route does not read, and those whose {@code Content-Length} is
   * too large.
   */
  public void pass(
      Party party, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    RawBody raw = RawBody.ofDeclinedUpgrade(request).orElse(null);
    Route.BodyLimit limit = RouteTable.of(request).limits().body();
    long announced = request.getContentLengthLong();
    boolean toRead = limit != Route.BodyLimit.NONE && hasBody(request);
    boolean tooLarge = announced > limit.bytes(settings);
    if (tooLarge) {
      closing.add(request, response);
    }
    if (tooLarge || raw == null && !toRead) {
      chain.doFilter(request, response);
      return;
    }
    if (raw != null && BufferedRequest.isForm(request) && !raw.isFinished()) {
      // Weld asks Payara for a parameter. Payara would block this thread for 30 s to read the form.
      refuse(
          request,
          response,
          () -> ErrorAnswer.write(request, response, BodyErrors.formWithUpgrade()));
      return;
    }
    KeptBody kept = kept(limit, party, announced, request);
    if (limit == Route.BodyLimit.FILE && !disk.fits(party.sharing(), Math.max(0, announced))) {
      closing.add(request, response);
      ErrorAnswer.write(request, response, BodyErrors.noDisk());
      return;
    }
    Arrival arrival = new Arrival();
    ArrivingBody body =
        new ArrivingBody(
            request.getInputStream(),
            raw,
            announced,
            limit.bytes(settings),
            kept,
            BodyPace.of(limit, settings, nanoTime),
            arrival);
    BufferedRequest passed = new BufferedRequest(request, kept, body);
    boolean known = body.readAvailable();
    if (known && body.error() != null) {
      closing.add(request, response);
      ErrorAnswer.write(request, response, body.error());
    } else if (known && !kept.isWorth(LARGE)) {
      try {
        process(passed, passed, response, chain);
      } finally {
        kept.release();
      }
    } else if (!known && !mayArriveLater(body, party)) {
      // Not suspended: a suspended request would need a thread for its refusal.
      kept.release();
      closing.add(request, response);
      int most = settings.bodies().maxUnfinishedPerCaller();
      ErrorAnswer.write(request, response, BodyErrors.tooManyUnfinished(most));
    } else {
      arrival.body = body;
      arrival.kept = kept;
      begin(
          body,
          () -> {
            arrival.exchange = new BodyExchange(party, passed, response, kept, nanoTime);
            if (known) {
              body.tell();
            } else {
              body.listen();
            }
          });
      arrival.exchange.suspended();
    }
  }

  /**
   * Answers a request that is refused. If the request offers an upgrade, its body is read and
   * dropped first. The reason is that Payara closes the connection after the answer, and a client
   * whose connection is reset while it is sending may lose the answer.
   */
  public void refuse(HttpServletRequest request, HttpServletResponse response, Answer answer)
      throws IOException {
    RawBody raw = RawBody.ofDeclinedUpgrade(request).orElse(null);
    Dropped dropped = new Dropped(answer);
    ArrivingBody body =
        raw == null || raw.isFinished()
            ? null
            : new ArrivingBody(
                request.getInputStream(),
                raw,
                -1,
                MOST_DROPPED,
                null,
                BodyPace.of(Route.BodyLimit.NONE, settings, nanoTime),
                dropped);
    if (body == null || body.readAvailable()) {
      answer.write();
      return;
    }
    // It always gets a place, because the oldest body of strangers ends instead.
    mayArriveLater(body, Party.stranger(request.getRemoteAddr()));
    dropped.body = body;
    begin(
        body,
        () -> {
          dropped.context = BodyExchange.suspend(request, response);
          body.listen();
        });
  }

  private interface Suspension {
    void begin() throws IOException;
  }

  /** Suspends a request. If that fails, usually because the client has left, forgets its body. */
  private void begin(ArrivingBody body, Suspension suspension) throws IOException {
    boolean begun = false;
    try {
      suspension.begin();
      begun = true;
    } finally {
      if (!begun) {
        unfinished.remove(body);
        body.release();
      }
    }
  }

  private KeptBody kept(
      Route.BodyLimit limit, Party party, long announced, HttpServletRequest request) {
    if (limit != Route.BodyLimit.FILE) {
      return new BodyBuffer(memory, party, announced);
    }
    BodyFile file = new BodyFile(disk, party);
    file.offerTo(request);
    return file;
  }

  /** Gives a body a place among those that have not arrived, if there is one for it. */
  private boolean mayArriveLater(ArrivingBody body, Party party) {
    UnfinishedBodies.Added<ArrivingBody> added = unfinished.add(body, party);
    added.toEnd().ifPresent(oldest -> oldest.end(BodyErrors.crowdedOut()));
    return added.isAdded();
  }

  /**
   * Passes on a request that the container dispatches because its body has arrived. Payara
   * activates no request scope for a dispatched request, which pages need.
   */
  @ActivateRequestContext
  public void resume(
      BodyExchange exchange,
      HttpServletRequest dispatched,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    if (!exchange.begin()) {
      ErrorAnswer.write(exchange.passed(), response, BodyErrors.notProcessed());
      return;
    }
    waiting.remove(exchange);
    try {
      if (exchange.hasCheckedPath(dispatched)) {
        HttpServletRequest sent = exchange.withSentUri(dispatched);
        process(exchange.passed(), sent, BodyExchange.withOwnErrors(sent, response), chain);
      } else {
        // The container has decoded the path twice, and the access filter has not checked the
        // result.
        ErrorAnswer.write(exchange.passed(), response, AccessErrors.nothingThere());
      }
    } finally {
      exchange.processed();
    }
  }

  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
  }

  /**
   * Passes on a request whose body is in memory. An invalid form is answered here.
   *
   * @param request the request as the container sees it
   */
  private void process(
      BufferedRequest body,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    Route.BodyLimit limit = RouteTable.of(body).limits().body();
    if (body.getContentLengthLong() > limit.bytes(settings)) {
      closing.add(body, response);
    }
    try {
      if (limit == Route.BodyLimit.FORM) {
        body.readForm(limit.bytes(settings));
      }
    } catch (ApiException invalid) {
      LOG.log(
          Level.WARNING,
          "Request {0} was refused: {1}",
          new Object[] {RequestId.of(body), invalid.getMessage()});
      ErrorAnswer.write(body, response, invalid.error());
      return;
    }
    chain.doFilter(request, response);
  }

  /** The outcome of a body that the application gets. */
  private final class Arrival implements ArrivingBody.Outcome {
    private ArrivingBody body;
    private KeptBody kept;
    private BodyExchange exchange;

    @Override
    public void arrived() {
      unfinished.remove(body);
      waiting.add(exchange);
      exchange.arrived(kept.isWorth(LARGE) ? large : small);
    }

    @Override
    public void ended(ApiError why) {
      unfinished.remove(body);
      closing.add(exchange.passed(), exchange.response());
      exchange.answer(why);
    }
  }

  /** The outcome of a body that is dropped. The refusal is sent in any case. */
  private final class Dropped implements ArrivingBody.Outcome {
    private final Answer answer;
    private ArrivingBody body;
    private AsyncContext context;

    Dropped(Answer answer) {
      this.answer = answer;
    }

    @Override
    public void arrived() {
      unfinished.remove(body);
      BodyExchange.finish(context, answer);
    }

    @Override
    public void ended(ApiError why) {
      arrived();
    }
  }
}
