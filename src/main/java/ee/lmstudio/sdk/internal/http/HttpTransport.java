package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.internal.net.AllowedHosts;
import ee.lmstudio.sdk.internal.net.NameLookup;
import jakarta.json.JsonObject;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.Configurable;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequest;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.ssl.SSLContextBuilder;
import org.apache.hc.core5.util.Timeout;
import org.glassfish.jersey.CommonProperties;
import org.glassfish.jersey.apache5.connector.Apache5ClientProperties;
import org.glassfish.jersey.apache5.connector.Apache5ConnectionClosingStrategy;
import org.glassfish.jersey.apache5.connector.Apache5ConnectorProvider;
import org.glassfish.jersey.apache5.connector.Apache5HttpClientBuilderConfigurator;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.client.ClientProperties;
import org.glassfish.jersey.client.ClientRequest;
import org.glassfish.jersey.client.JerseyClientBuilder;
import org.glassfish.jersey.client.RequestEntityProcessing;

/**
 * The HTTP client: Jersey's JAX-RS client over Apache's connector, set up for LM Studio.
 *
 * <p>Each connection serves one exchange. LM Studio closes idle connections after 5 s, and the SDK
 * could not tell whether a generation that was posted on a closing connection had arrived. A new
 * connection costs a fraction of a millisecond. For the same reason this client does not retry,
 * follow redirects or ask for compression.
 */
public final class HttpTransport implements AutoCloseable {
  private static final int MAX_HEADER_LINE = 16 << 10;
  private static final int MAX_HEADERS = 100;

  /** Maximum number of answers with a status below 200 before the answer to one request. */
  private static final int MAX_INTERIM = 16;

  /** Size of a buffer, which holds many tokens of 300 bytes. Each connection has three buffers. */
  private static final int BUFFER = 1 << 10;

  private final LmStudioSettings settings;
  private final NameLookup names;
  private final AllowedHosts allowed;
  private final Client client;
  private final WebTarget root;
  private final JsonSender json;

  public HttpTransport(LmStudioSettings settings) {
    this(settings, null);
  }

  /**
   * @param sender creates the client for plain JSON; if null, the JAX-RS client sends plain JSON
   */
  HttpTransport(LmStudioSettings settings, JsonSender.Factory sender) {
    this.settings = settings;
    names = new NameLookup(settings.limits().connect());
    allowed = AllowedHosts.parse(settings.allowedHosts(), names);
    QuietLogging.begin();
    ClientConfig config = new ClientConfig().connectorProvider(new Apache5ConnectorProvider());
    Consumer<Configurable<?>> connector =
        sender == null
            ? this::configure
            : client -> {
              configure(client);
              sender.configure(client);
            };
    connector.accept(config);
    // Features and providers of other libraries on the class path stay out of this client.
    config.property(CommonProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true);
    config.property(CommonProperties.METAINF_SERVICES_LOOKUP_DISABLE, true);
    config.property(CommonProperties.JAXRS_SERVICE_LOADING_ENABLE, false);
    // Not ClientBuilder.newClient, which uses the first JAX-RS implementation that it finds.
    client = new JerseyClientBuilder().withConfig(config).build();
    root = client.target(settings.baseUrl());
    // Jersey initialises itself at the first request, and loads classes under locks meanwhile. This
    // request is never sent. It makes the initialisation run on the thread that connects
    // (docs/decisions/0111).
    root.request();
    json = sender == null ? new WebTargetJson() : sender.open(settings.baseUrl(), connector);
  }

  /**
   * Returns a request to {@code path}.
   *
   * @param path relative path, with an encoded query if there is one
   * @param settings supply the API key, the extra headers and the connect limit
   * @param exchange watches the request and can break it off
   */
  public Invocation.Builder request(
      String path, String accept, LmStudioSettings settings, Exchange exchange) {
    WebTarget target = path.indexOf('?') < 0 ? root.path(path) : client.target(uri(path));
    return marked(target.request(accept), new RequestMarks(settings, exchange));
  }

  /** Returns the address of a path with an encoded query, which a template would encode again. */
  private URI uri(String path) {
    return URI.create(root.getUri().toString().replaceAll("/$", "") + "/" + path);
  }

  private static Invocation.Builder marked(Invocation.Builder request, RequestMarks marks) {
    marks.headers().forEach(request::header);
    marks.properties().forEach(request::property);
    return request;
  }

  /**
   * Gets JSON.
   *
   * @param path relative path, with an encoded query if there is one
   * @param longest answer that is read, in bytes
   * @throws UnexpectedAnswerException if the status is not 200
   * @throws IllegalStateException if this is closed
   */
  HttpAnswer get(String path, int longest, RequestMarks marks) throws IOException {
    return read(() -> json.get(path, marks), longest);
  }

  /** Posts JSON. Otherwise the same as {@link #get}. */
  HttpAnswer post(String path, JsonObject body, int longest, RequestMarks marks)
      throws IOException {
    return read(() -> json.post(path, body.toString(), marks), longest);
  }

  private static HttpAnswer read(Supplier<Response> request, int longest) throws IOException {
    try (Response response = request.get()) {
      return HttpAnswer.read(response, longest).requireOk();
    } catch (ProcessingException e) {
      throw Failures.unwrap(e);
    }
  }

  /** Sends plain JSON through the JAX-RS client. */
  private final class WebTargetJson implements JsonSender {
    @Override
    public Response get(String path, RequestMarks marks) {
      return request(path, marks).get();
    }

    @Override
    public Response post(String path, String text, RequestMarks marks) {
      return request(path, marks).post(Entity.json(text));
    }

    private Invocation.Builder request(String path, RequestMarks marks) {
      return marked(client.target(uri(path)).request(MediaType.APPLICATION_JSON), marks);
    }

    @Override
    public void close() {
      // The transport closes the client.
    }
  }

  /** Configures a Jersey client that uses the Apache connector. */
  private void configure(Configurable<?> client) {
    ConnectionReuseStrategy never = (request, response, context) -> false;
    client.register(
        (Apache5HttpClientBuilderConfigurator) HttpTransport::withoutOwnWill,
        Apache5HttpClientBuilderConfigurator.class);
    client.property(ClientProperties.REQUEST_ENTITY_PROCESSING, RequestEntityProcessing.BUFFERED);
    client.property(ClientProperties.FOLLOW_REDIRECTS, false);
    client.property(Apache5ClientProperties.DISABLE_COOKIES, true);
    client.property(Apache5ClientProperties.REUSE_STRATEGY, never);
    client.property(Apache5ClientProperties.CONNECTION_MANAGER, connections());
    // Jersey warns about the entity types whose APIs are not on the class path. None is used here.
    client.property(CommonProperties.PROVIDER_DEFAULT_DISABLE, "ALL");
    client.property(
        Apache5ClientProperties.CONNECTION_CLOSING_STRATEGY,
        (Apache5ConnectionClosingStrategy) HttpTransport::closeAtOnce);
    client.property(Apache5ClientProperties.REQUEST_CONFIG, noTimeouts());
  }

  /**
   * Switches off the client's own retries and redirects, because only the SDK decides what is sent
   * again.
   */
  private static HttpClientBuilder withoutOwnWill(HttpClientBuilder builder) {
    return builder
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableContentCompression()
        .disableAuthCaching()
        .disableCookieManagement()
        .setRequestExecutor(new BoundedInterim())
        .addExecInterceptorFirst("cancel", Exchange::watch)
        .addExecInterceptorBefore(
            ChainElement.MAIN_TRANSPORT.name(), "posted", Exchange::watchSending);
  }

  /** Limits the number of interim answers. The HTTP client itself skips any number of them. */
  private static final class BoundedInterim extends HttpRequestExecutor {
    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        HttpResponseInformationCallback onInterim,
        HttpContext context)
        throws IOException, HttpException {
      AtomicInteger interim = new AtomicInteger();
      return super.execute(
          request,
          connection,
          (answer, any, same) -> {
            if (interim.incrementAndGet() > MAX_INTERIM) {
              throw new ProtocolException("more than " + MAX_INTERIM + " interim answers");
            }
            if (onInterim != null) {
              onInterim.execute(answer, any, same);
            }
          },
          context);
    }
  }

  /**
   * Closes the connection at once. The connector would read the answer to its end first, which may
   * take as long as a generation.
   */
  private static void closeAtOnce(
      ClientRequest asked,
      HttpUriRequest request,
      CloseableHttpResponse response,
      InputStream body) {
    request.abort();
    try {
      response.close();
    } catch (IOException aborted) {
      // The client tries to read on from the connection that was just closed.
    }
  }

  private static RequestConfig noTimeouts() {
    return RequestConfig.custom()
        .setConnectionRequestTimeout(Timeout.DISABLED)
        .setResponseTimeout(Timeout.DISABLED)
        .setProtocolUpgradeEnabled(false)
        .build();
  }

  /**
   * Limits the size of headers and buffers. Without these limits, an endless header would fill the
   * heap.
   */
  private static Http1Config bounded() {
    return Http1Config.custom()
        .setBufferSize(BUFFER)
        .setMaxLineLength(MAX_HEADER_LINE)
        .setMaxHeaderCount(MAX_HEADERS)
        .build();
  }

  /**
   * Returns a resolver that checks addresses, so that the client connects only to checked
   * addresses.
   */
  private DnsResolver resolver() {
    return new DnsResolver() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        return allowed.resolve(host);
      }

      @Override
      public String resolveCanonicalHostname(String host) {
        return host;
      }
    };
  }

  private static TlsSocketStrategy tls(boolean verify) {
    if (verify) {
      return DefaultClientTlsStrategy.createSystemDefault();
    }
    try {
      SSLContext any = SSLContextBuilder.create().loadTrustMaterial((chain, type) -> true).build();
      return new DefaultClientTlsStrategy(
          any, HostnameVerificationPolicy.CLIENT, NoopHostnameVerifier.INSTANCE);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no TLS", e);
    }
  }

  private PoolingHttpClientConnectionManager connections() {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setDnsResolver(resolver())
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(bounded())
                .responseParserFactory(DefaultHttpResponseParserFactory.INSTANCE)
                .build())
        .setTlsSocketStrategy(tls(settings.verifyTls()))
        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
        .setMaxConnTotal(Integer.MAX_VALUE)
        .setMaxConnPerRoute(Integer.MAX_VALUE)
        .setDefaultConnectionConfig(
            ConnectionConfig.custom().setSocketTimeout(Timeout.DISABLED).build())
        .build();
  }

  @Override
  public void close() {
    client.close();
    json.close();
    names.close();
  }
}
