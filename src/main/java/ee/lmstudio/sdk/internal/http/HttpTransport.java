package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.sdk.internal.net.AllowedHosts;
import ee.lmstudio.sdk.internal.net.NameLookup;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.client.WebTarget;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
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
import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.ssl.SSLContextBuilder;
import org.apache.hc.core5.util.Timeout;
import org.glassfish.jersey.apache5.connector.Apache5ClientProperties;
import org.glassfish.jersey.apache5.connector.Apache5ConnectionClosingStrategy;
import org.glassfish.jersey.apache5.connector.Apache5ConnectorProvider;
import org.glassfish.jersey.apache5.connector.Apache5HttpClientBuilderConfigurator;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.client.ClientProperties;
import org.glassfish.jersey.client.ClientRequest;
import org.glassfish.jersey.client.RequestEntityProcessing;

/**
 * The JAX-RS client, set up for LM Studio.
 *
 * <p>A connection serves one exchange. LM Studio closes idle ones after 5 s, and a generation
 * posted on a dying connection could have arrived or not; a fresh one costs a fraction of a
 * millisecond and leaves no doubt. For the same reason nothing here retries, redirects or asks for
 * compression.
 */
public final class HttpTransport implements AutoCloseable {
  private static final int MAX_HEADER_LINE = 64 << 10;
  private static final int MAX_HEADERS = 200;

  /** A token of 300 bytes fits many times; a connection has three of these. */
  private static final int BUFFER = 1 << 10;

  private final WebTarget root;
  private final Client client;
  private final NameLookup names;

  public HttpTransport(LmStudioSettings settings) {
    this.names = new NameLookup(settings.limits().connect());
    this.client = client(settings, AllowedHosts.parse(settings.allowedHosts(), names));
    this.root = client.target(settings.baseUrl());
  }

  /**
   * A request to {@code path}.
   *
   * @param settings whose key, headers and connect limit it has; a key beats a header {@code
   *     Authorization}
   * @param exchange watches the request and can break it off
   */
  public Invocation.Builder request(
      String path, String accept, LmStudioSettings settings, Exchange exchange) {
    Invocation.Builder request =
        target(path).request(accept).header(HttpHeaders.USER_AGENT, "lmstudio-ee");
    settings.extraHeaders().forEach(request::header);
    settings
        .apiKey()
        .map(Secret::reveal)
        .ifPresent(
            key ->
                request
                    .header(HttpHeaders.AUTHORIZATION, null)
                    .header(HttpHeaders.AUTHORIZATION, "Bearer " + key));
    return request
        .property(ClientProperties.CONNECT_TIMEOUT, millis(settings.limits().connect()))
        .property(Exchange.class.getName(), exchange);
  }

  /** At least one, as zero means no limit; the longest that the client knows is 24 days. */
  private static int millis(Duration limit) {
    return limit.isZero() ? 0 : Math.clamp(limit.toMillis(), 1, Integer.MAX_VALUE);
  }

  /** A path, and a query that is encoded already. */
  private WebTarget target(String path) {
    int mark = path.indexOf('?');
    return mark < 0
        ? root.path(path)
        : client.target(
            root.path(path.substring(0, mark))
                .getUriBuilder()
                .replaceQuery(path.substring(mark + 1)));
  }

  @Override
  public void close() {
    client.close();
    names.close();
  }

  private static Client client(LmStudioSettings settings, AllowedHosts allowed) {
    ConnectionReuseStrategy never = (request, response, context) -> false;
    ClientConfig config =
        new ClientConfig()
            .connectorProvider(new Apache5ConnectorProvider())
            .register(
                (Apache5HttpClientBuilderConfigurator) HttpTransport::withoutOwnWill,
                Apache5HttpClientBuilderConfigurator.class)
            .property(ClientProperties.REQUEST_ENTITY_PROCESSING, RequestEntityProcessing.BUFFERED)
            .property(ClientProperties.FOLLOW_REDIRECTS, false)
            .property(Apache5ClientProperties.DISABLE_COOKIES, true)
            .property(Apache5ClientProperties.REUSE_STRATEGY, never)
            .property(Apache5ClientProperties.CONNECTION_MANAGER, connections(settings, allowed))
            .property(
                Apache5ClientProperties.CONNECTION_CLOSING_STRATEGY,
                (Apache5ConnectionClosingStrategy) HttpTransport::closeAtOnce)
            .property(Apache5ClientProperties.REQUEST_CONFIG, noTimeouts());
    return ClientBuilder.newClient(config);
  }

  /** The SDK alone decides what is sent again, and the call's own clock ends it. */
  private static HttpClientBuilder withoutOwnWill(HttpClientBuilder builder) {
    return builder
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableContentCompression()
        .disableAuthCaching()
        .disableCookieManagement()
        .addExecInterceptorFirst("cancel", Exchange::watch)
        .addExecInterceptorBefore(
            ChainElement.MAIN_TRANSPORT.name(), "posted", Exchange::watchSending);
  }

  /** The connector's own way reads an answer to its end first, which may take a generation. */
  private static void closeAtOnce(
      ClientRequest asked,
      HttpUriRequest request,
      CloseableHttpResponse response,
      InputStream body) {
    request.abort();
    try {
      response.close();
    } catch (IOException aborted) {
      // It wants to read on, which the connection that was just closed does not allow.
    }
  }

  private static RequestConfig noTimeouts() {
    return RequestConfig.custom()
        .setConnectionRequestTimeout(Timeout.DISABLED)
        .setResponseTimeout(Timeout.DISABLED)
        .setProtocolUpgradeEnabled(false)
        .build();
  }

  /** Without these bounds a header that never ends fills the heap, and quiet streams a GiB. */
  private static Http1Config bounded() {
    return Http1Config.custom()
        .setBufferSize(BUFFER)
        .setMaxLineLength(MAX_HEADER_LINE)
        .setMaxHeaderCount(MAX_HEADERS)
        .build();
  }

  /** The addresses that were checked are those that are used. */
  private static DnsResolver resolver(AllowedHosts allowed) {
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

  private static PoolingHttpClientConnectionManager connections(
      LmStudioSettings settings, AllowedHosts allowed) {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setDnsResolver(resolver(allowed))
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
}
