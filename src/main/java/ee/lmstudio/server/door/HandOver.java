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
import org.glassfish.grizzly.nio.NIOConnection;

/**
 * Hands requests from the selector's thread to Payara's threads. It answers two kinds of requests
 * itself: {@code /health/live}, which therefore needs no thread that callers can occupy; and every
 * request that comes while the application does not answer, or while Payara's queue is full.
 */
final class HandOver extends BaseFilter {
  static final String LIVE = "/health/live";

  /** Set on a request whose first part has been handed over. The rest of its body follows it. */
  private static final Attribute<Boolean> ADMITTED =
      Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("ee.lmstudio.door.admitted");

  private final Door door;

  HandOver(Door door) {
    this.door = door;
  }

  @Override
  public NextAction handleRead(FilterChainContext context) throws IOException {
    if (!(context.getMessage() instanceof HttpContent content)) {
      return context.getInvokeAction();
    }
    HttpRequestPacket request = (HttpRequestPacket) content.getHttpHeader();
    if (HttpContent.isBroken(content) && ADMITTED.get(request) == null) {
      return context.getStopAction(); // The codec has refused it.
    }
    if (ADMITTED.get(request) == null) {
      if (isLiveness(request, context.getConnection())) {
        return answer(context, request, door.liveness().in(request));
      }
      if (!door.isOpen()) {
        return answer(context, request, DoorError.NOT_READY.in(request));
      }
      ADMITTED.set(request, true);
    }
    return isSelector(context.getConnection())
        ? handOver(context, request)
        : context.getInvokeAction(); // A thread of Payara reads the next part of a body.
  }

  private static NextAction handOver(FilterChainContext context, HttpRequestPacket request)
      throws IOException {
    context.suspend();
    NextAction suspended = context.getSuspendAction();
    try {
      context.getConnection().getTransport().getWorkerThreadPool().execute(context::resumeNext);
      return suspended;
    } catch (RejectedExecutionException queueIsFull) {
      context.resume(answer(context, request, DoorError.OVERLOADED.in(request)));
      return suspended;
    }
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
    if (request.isExpectContent()) {
      request.getProcessingState().setKeepAlive(false); // Nobody will read the body.
    }
    context.write(answer.on(request.getResponse()));
    context.notifyDownstream(HttpServerFilter.RESPONSE_COMPLETE_EVENT);
    return context.getStopAction();
  }
}
