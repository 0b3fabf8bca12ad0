package ee.lmstudio.sdk.internal.http;

import jakarta.ws.rs.core.Configurable;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.function.Consumer;

/**
 * Sends plain JSON requests to LM Studio. The SDK sends them through its JAX-RS client; a server
 * can supply another client. Whichever client sends a request, the SDK reads the answer, applies
 * the limits and retries, and maps the errors.
 *
 * <p>Implementations must be safe for use by several threads.
 */
public interface JsonSender extends AutoCloseable {
  /** Makes a sender. */
  @FunctionalInterface
  interface Factory {
    /**
     * Returns a new sender for LM Studio at {@code baseUrl}.
     *
     * @param connector configures a Jersey client with the SDK's connection rules: the host check,
     *     no automatic retries, no redirects, no connection reuse. The sender must apply it.
     */
    JsonSender open(URI baseUrl, Consumer<Configurable<?>> connector);

    /** Adds to each client of the SDK what its environment needs. By default, adds nothing. */
    default void configure(Configurable<?> client) {}
  }

  /**
   * Sends a GET request.
   *
   * @param path relative path, with an encoded query if there is one
   * @param marks headers and properties that the request must have
   * @return the answer, whatever its status; the caller closes it
   * @throws IllegalStateException if this sender is closed
   * @throws jakarta.ws.rs.ProcessingException if the connection failed
   */
  Response get(String path, RequestMarks marks);

  /**
   * Sends a POST request with a JSON body. Otherwise the same as {@link #get}.
   *
   * @param path relative path
   */
  Response post(String path, String json, RequestMarks marks);

  /** Frees the connections. Later requests fail. */
  @Override
  void close();
}
