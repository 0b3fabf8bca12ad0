package ee.lmstudio.server.door;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.FilterChainEvent;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpEvents;
import org.glassfish.grizzly.http.HttpHeader;
import org.glassfish.grizzly.http.HttpPacket;
import org.glassfish.grizzly.http.HttpPacketParsing;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.HttpServerFilter;
import org.glassfish.grizzly.http.KeepAlive;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.Protocol;
import org.glassfish.grizzly.http.TransferEncoding;

/**
 * Reads requests and writes answers, as Grizzly's codec does, with two more rules. A request head
 * that breaks a rule of {@link RequestHead} is refused before anything else reads it, and its
 * connection is closed. An answer that the application did not give is replaced by a {@link
 * DoorError}: Payara answers some requests by itself, without our headers, and redirects to any
 * host that the client named.
 */
final class DoorCodec extends HttpServerFilter {
  private static final Logger LOG = Logger.getLogger(DoorCodec.class.getName());

  /** Why a request was refused. */
  private static final Attribute<DoorError> REFUSAL =
      Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("ee.lmstudio.door.refusal");

  /** Set on a response that was replaced, so that its other parts are dropped. */
  private static final Attribute<Boolean> REPLACED =
      Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("ee.lmstudio.door.replaced");

  /**
   * Finds out whether an interim answer is being written. Grizzly 5.0.3, which runs in the packaged
   * server, has another name for this method than 5.0.1, which the door compiles against.
   */
  private static final MethodHandle INTERIM = interim();

  /** Replaces an empty host. No server has this name. */
  private static final String NO_HOST = "-";

  /**
   * What Grizzly and the door keep for a request, besides the bytes that have arrived, in bytes.
   */
  static final int OF_REQUEST = 6 * 1024;

  /** What Grizzly keeps for a header, besides its own bytes, in bytes. */
  static final int OF_HEADER = 512;

  private final Door door;
  private final Connections connections;

  // The constructor that is not deprecated takes properties of HTTP/2, which is off.
  @SuppressWarnings("deprecation")
  DoorCodec(
      int maxHeaderBytes,
      KeepAlive keepAlive,
      int maxRequestHeaders,
      int maxResponseHeaders,
      Door door,
      Connections connections) {
    // Without an executor, Grizzly does not close idle connections: Connections does.
    super(true, maxHeaderBytes, null, keepAlive, null, maxRequestHeaders, maxResponseHeaders);
    this.door = door;
    this.connections = connections;
    for (TransferEncoding encoding : getTransferEncodings()) {
      removeTransferEncoding(encoding);
      addTransferEncoding(new CountedBody(encoding, connections));
    }
  }

  /** Drops what has arrived on a connection that was closed meanwhile. */
  @Override
  public NextAction handleRead(FilterChainContext context) throws IOException {
    return context.getConnection().isOpen() ? super.handleRead(context) : context.getStopAction();
  }

  /** Counts the bytes of a head whose end has not arrived; Grizzly keeps them in memory. */
  @Override
  protected boolean decodeHttpPacket(
      FilterChainContext context, HttpPacketParsing packet, Buffer input) {
    boolean whole = super.decodeHttpPacket(context, packet, input);
    if (!whole) {
      connections.headGrew(context.getConnection(), input.remaining());
    }
    return whole;
  }

  @Override
  protected boolean onHttpHeaderParsed(HttpHeader header, Buffer read, FilterChainContext context) {
    HttpRequestPacket request = (HttpRequestPacket) header;
    boolean hasBody = hasBody(request);
    int bytes = OF_REQUEST + OF_HEADER * request.getHeaders().size() + read.limit();
    if (!connections.requestArrived(
        context.getConnection(), bytes, hasBody, hasBody ? 0 : read.remaining())) {
      return refused(request, DoorError.OVERLOADED); // The connection is closed: no answer is sent.
    }
    Optional<DoorError> refusal =
        RequestHead.refusal(read.toStringContent(StandardCharsets.ISO_8859_1, 0, read.position()));
    if (refusal.isPresent()) {
      return refused(request, refusal.get());
    }
    if (super.onHttpHeaderParsed(header, read, context)) {
      return true;
    }
    if (!hasServablePath(request)) {
      return refused(request, RequestHead.MALFORMED_PATH);
    }
    if (Method.CONNECT.equals(request.getMethod())) {
      request.setExpectContent(false); // Otherwise the connection stays open after the refusal.
    }
    String host = request.getHeader("Host");
    if (host != null && (host.isBlank() || host.strip().startsWith(":"))) {
      request.setHeader("Host", NO_HOST);
    }
    return false;
  }

  /** Returns whether Grizzly reads a body of this request. */
  private static boolean hasBody(HttpRequestPacket request) {
    return (request.isChunked() || request.getContentLength() > 0)
        && !Method.TRACE.equals(request.getMethod())
        && !Method.CONNECT.equals(request.getMethod());
  }

  private static boolean refused(HttpRequestPacket request, DoorError refusal) {
    REFUSAL.set(request, refusal);
    request.getResponse().setStatus(refusal.status());
    request.getProcessingState().setError(true);
    return true;
  }

  private static boolean hasServablePath(HttpRequestPacket request) {
    try {
      return RequestPath.isServable(request.getRequestURIRef().getDecodedURI());
    } catch (java.io.CharConversionException | RuntimeException undecodable) {
      return false;
    }
  }

  /** Returns the answer to a request that could not be read. The connection is closed after it. */
  @Override
  protected HttpContent customizeErrorResponse(HttpResponsePacket response) {
    HttpRequestPacket request = response.getRequest();
    // Grizzly reports no end of this answer. Without this line, a client that does not read the
    // answer would keep its connection for ever.
    connections.answered(request.getConnection());
    DoorError refusal = REFUSAL.get(request);
    request.setProtocol(Protocol.HTTP_1_1); // An answer in an older version has no headers.
    request.getProcessingState().setKeepAlive(false);
    DoorError error = refusal == null ? DoorError.inPlaceOf(response.getStatus()) : refusal;
    Answer answer = error.in(request);
    LOG.log(
        request.getConnection().isOpen() ? Level.WARNING : Level.FINE,
        "Request {0} from {1} was refused with status {2}: {3}",
        new Object[] {
          answer.requestId(), request.getRemoteAddress(), answer.status(), error.message()
        });
    return answer.on(response);
  }

  @Override
  protected Buffer encodeHttpPacket(FilterChainContext context, HttpPacket input) {
    HttpResponsePacket response =
        (HttpResponsePacket)
            (input instanceof HttpContent content ? content.getHttpHeader() : input);
    if (REPLACED.get(response) != null) {
      return null;
    }
    if (response.isCommitted() || isInterim(response)) {
      return super.encodeHttpPacket(context, input);
    }
    if (response.containsHeader(Answer.REQUEST_ID)) {
      ReasonPhrase.set(response);
      return super.encodeHttpPacket(context, input);
    }
    REPLACED.set(response, true);
    return super.encodeHttpPacket(context, replacement(response));
  }

  /** Returns whether 100 Continue is being written. The final answer comes later. */
  private static boolean isInterim(HttpResponsePacket response) {
    try {
      return (boolean) INTERIM.invokeExact(response);
    } catch (RuntimeException | Error defect) {
      throw defect;
    } catch (Throwable checked) {
      throw new IllegalStateException(checked);
    }
  }

  private static MethodHandle interim() {
    try {
      return interim("isInterimResponse");
    } catch (NoSuchMethodException olderVersion) {
      try {
        return interim("isAcknowledgement");
      } catch (NoSuchMethodException anotherVersion) {
        throw new IllegalStateException("This version of Grizzly is not known", anotherVersion);
      }
    }
  }

  private static MethodHandle interim(String method) throws NoSuchMethodException {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(HttpResponsePacket.class, method, MethodType.methodType(boolean.class));
    } catch (IllegalAccessException notPublic) {
      throw new IllegalStateException("This version of Grizzly is not known", notPublic);
    }
  }

  private HttpContent replacement(HttpResponsePacket response) {
    DoorError refusal =
        door.isOpen() ? DoorError.inPlaceOf(response.getStatus()) : DoorError.NOT_READY;
    String allowed = response.getHeader("Allow");
    HttpContent content = refusal.in(response.getRequest()).on(response);
    if (allowed != null && refusal.status() == 405) {
      response.setHeader("Allow", allowed);
    }
    return content;
  }

  @Override
  public NextAction handleEvent(FilterChainContext context, FilterChainEvent event)
      throws IOException {
    if (event.type() == HttpEvents.ResponseCompleteEvent.TYPE) {
      connections.answered(context.getConnection());
    }
    return super.handleEvent(context, event);
  }
}
