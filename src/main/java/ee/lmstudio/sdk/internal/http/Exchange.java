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
 * One request and its answer, as the connector goes through it: lets {@link StopSwitch} close its
 * socket in every phase, and knows whether the request went out.
 */
public final class Exchange {
  /** Where Jersey's connector leaves its own request in Apache's context. */
  private static final String JERSEY_REQUEST = "JerseyRequestAttribute";

  private static final String VERSION_HEADER = "x-lmstudio-version";

  private final StopSwitch stop;
  private final Runnable onConnected;
  private final Consumer<String> onAnswer;
  private volatile boolean connected;
  private volatile int status;

  /**
   * @param onConnected runs when the connection stands, right before the request goes out
   * @param onAnswer gets the header {@code x-lmstudio-version}, or null, when the headers came
   */
  public Exchange(StopSwitch stop, Runnable onConnected, Consumer<String> onAnswer) {
    this.stop = stop;
    this.onConnected = onConnected;
    this.onAnswer = onAnswer;
  }

  /** Whether the connection stood, so that LM Studio may have got the request. */
  public boolean connected() {
    return connected;
  }

  /** Status of the answer; empty while none came. */
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
