package ee.lmstudio.sdk.internal.http;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.glassfish.jersey.client.ClientRequest;

/**
 * Follows one request and its answer through the connector: lets {@link StopSwitch} close the
 * socket in every phase, and knows whether the request was sent.
 */
public final class Exchange {
  /** The key under which Jersey's connector stores its own request in Apache's context. */
  private static final String JERSEY_REQUEST = "JerseyRequestAttribute";

  private static final String VERSION_HEADER = "x-lmstudio-version";

  private final StopSwitch stop;
  private final Runnable onConnected;
  private final Consumer<String> onAnswer;
  private volatile boolean connected;
  private volatile int status;

  /**
   * @param onConnected runs when the connection is established, right before the request is sent
   * @param onAnswer receives the header {@code x-lmstudio-version}, or null, when the headers have
   *     arrived
   */
  public Exchange(StopSwitch stop, Runnable onConnected, Consumer<String> onAnswer) {
    this.stop = stop;
    this.onConnected = onConnected;
    this.onAnswer = onAnswer;
  }

  /**
   * Returns whether the connection was established, so that LM Studio may have received the
   * request.
   */
  public boolean connected() {
    return connected;
  }

  /** Returns the status of the answer; empty until it has arrived. */
  OptionalInt status() {
    return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
  }

  static ClassicHttpResponse watch(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    if (of(scope) instanceof Exchange exchange && scope.originalRequest instanceof Cancellable it) {
      exchange.stop.breakOffBy(it::cancel);
    }
    return chain.proceed(request, scope);
  }

  static ClassicHttpResponse watchSending(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    if (of(scope) instanceof Exchange exchange) {
      exchange.connected = true;
      exchange.onConnected.run();
      ClassicHttpResponse response = chain.proceed(request, scope);
      exchange.status = response.getCode();
      Header version = response.getFirstHeader(VERSION_HEADER);
      exchange.onAnswer.accept(version == null ? null : version.getValue());
      return response;
    }
    return chain.proceed(request, scope);
  }

  private static Object of(ExecChain.Scope scope) {
    return scope.clientContext.getAttribute(JERSEY_REQUEST) instanceof ClientRequest request
        ? request.getProperty(Exchange.class.getName())
        : null;
  }
}
