package ee.lmstudio.server.door;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.util.Header;
import org.glassfish.grizzly.nio.NIOConnection;

/**
 * Hands requests to Payara's threads, in the order that {@link Turns} decides. It answers two kinds
 * of requests itself: {@code /health/live}, which therefore needs no thread that callers can
 * occupy; and, with 503, each request that arrives while the application does not answer, or while
 * too many requests wait.
 */
final class HandOver extends BaseFilter {
  static final String LIVE = "/health/live";

  /**
   * If more bytes than this follow a request for liveness, the connection is closed after the
   * answer.
   */
  static final int MOST_BEHIND = 1024;

  /** Other clients than OpenAI's send their token in this header. */
  private static final String API_KEY = "x-api-key";

  private static final String BEARER = "Bearer ";

  /**
   * Set on a request whose head has been seen: whether it was handed over, so that the rest of its
   * body follows it. The body of a request that was answered here is dropped.
   */
  private static final Attribute<Boolean> ADMITTED =
      Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("ee.lmstudio.door.admitted");

  private final Door door;
  private final Turns turns;

  HandOver(Door door, Turns turns) {
    this.door = door;
    this.turns = turns;
  }

  @Override
  public NextAction handleRead(FilterChainContext context) throws IOException {
    if (!(context.getMessage() instanceof HttpContent content)) {
      return context.getInvokeAction();
    }
    HttpRequestPacket request = (HttpRequestPacket) content.getHttpHeader();
    Boolean admitted = ADMITTED.get(request);
    boolean first = admitted == null;
    if (first && HttpContent.isBroken(content) || !first && !admitted) {
      return context.getStopAction(); // It was refused.
    }
    if (first) {
      if (!context.getConnection().isOpen()) {
        return context.getStopAction(); // It was closed because of what came with the request.
      }
      door.connections().handedOver(context.getConnection());
      if (isLiveness(request, context.getConnection())) {
        return live(context, request);
      }
      if (!door.isOpen()) {
        return answer(context, request, DoorError.NOT_READY.in(request));
      }
      ADMITTED.set(request, true);
      return handOver(context, request);
    }
    return isSelector(context.getConnection())
        ? handOverRest(context)
        : context.getInvokeAction(); // A thread of Payara reads the next part of a body.
  }

  /**
   * Lets a request wait for its turn, or refuses it if there is no room. Grizzly closes the
   * connection after a refusal. A refused request is not suspended: otherwise the client's next
   * request would begin on the same stack, which would grow with each pipelined request.
   */
  private NextAction handOver(FilterChainContext context, HttpRequestPacket request)
      throws IOException {
    NextAction suspended = context.getSuspendAction();
    Connection<?> connection = context.getConnection();
    Object network = door.connections().network(connection);
    int bytes = door.connections().bytes(connection);
    if (turns.add(network, caller(request), bytes, new Waiting(context, request))) {
      return suspended;
    }
    door.connections().refused(connection);
    return answer(context, request, DoorError.OVERLOADED.in(request));
  }

  /**
   * Returns what identifies a caller: a hash of the token, or else of the cookies. The door cannot
   * know whether they are valid.
   */
  private static Object caller(HttpRequestPacket request) {
    String token = token(request);
    String credential = token == null ? request.getHeader(Header.Cookie) : token;
    return credential == null ? Turns.ANYBODY : credential.hashCode();
  }

  /**
   * Returns the token as the application reads it ({@code Credentials}), so that one token in
   * several spellings is one caller; null if there is none.
   */
  private static String token(HttpRequestPacket request) {
    String authorization = request.getHeader(Header.Authorization);
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return authorization.substring(BEARER.length()).strip();
    }
    String key = request.getHeader(API_KEY);
    return key == null ? null : key.strip();
  }

  private record Waiting(FilterChainContext context, HttpRequestPacket request)
      implements Turns.Request {
    @Override
    public void hold() {
      context.suspend();
    }

    @Override
    public void run() {
      context.resumeNext();
    }

    @Override
    public void refuse() {
      try {
        context.resume(answer(context, request, DoorError.OVERLOADED.in(request)));
      } catch (IOException closed) {
        context.getConnection().terminateSilently();
      }
    }
  }

  /** Hands over a part of a body. The application has the request, so this part does not wait. */
  private static NextAction handOverRest(FilterChainContext context) {
    context.suspend();
    NextAction suspended = context.getSuspendAction();
    try {
      context.getConnection().getTransport().getWorkerThreadPool().execute(context::resumeNext);
    } catch (RejectedExecutionException queueIsFull) {
      context.getConnection().terminateSilently(); // The application may be answering already.
    }
    return suspended;
  }

  /**
   * Answers {@code /health/live}. If many pipelined requests follow, the connection is closed: one
   * read can bring a thousand of them, and the selector would answer all of them before it serves
   * other connections.
   */
  private NextAction live(FilterChainContext context, HttpRequestPacket request)
      throws IOException {
    if (door.connections().behind(context.getConnection()) > MOST_BEHIND) {
      request.getProcessingState().setKeepAlive(false);
    }
    return answer(context, request, door.liveness().in(request));
  }

  private boolean isLiveness(HttpRequestPacket request, Connection<?> connection) {
    Method method = request.getMethod();
    return (Method.GET.equals(method) || Method.HEAD.equals(method))
        && !request.isExpectContent()
        && LIVE.equals(request.getRequestURI())
        && !door.isForeign(request.getHeader("Host"), address(connection));
  }

  private static String address(Connection<?> connection) {
    return connection.getLocalAddress() instanceof InetSocketAddress local
        ? local.getAddress().getHostAddress()
        : "";
  }

  private static boolean isSelector(Connection<?> connection) {
    return connection instanceof NIOConnection selected
        && selected.getSelectorRunner().getRunnerThread() == Thread.currentThread();
  }

  private static NextAction answer(
      FilterChainContext context, HttpRequestPacket request, Answer answer) throws IOException {
    ADMITTED.set(request, false);
    if (request.isExpectContent()) {
      request.getProcessingState().setKeepAlive(false); // The body will not be read.
    }
    context.write(answer.on(request.getResponse()));
    context.notifyDownstream(HttpServerFilter.RESPONSE_COMPLETE_EVENT);
    return context.getStopAction();
  }
}
