package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.internal.net.AllowedHosts;
import ee.lmstudio.sdk.internal.net.NameLookup;
import jakarta.ws.rs.core.Configurable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
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
import org.glassfish.jersey.apache5.connector.Apache5HttpClientBuilderConfigurator;
import org.glassfish.jersey.client.ClientProperties;
import org.glassfish.jersey.client.ClientRequest;
import org.glassfish.jersey.client.RequestEntityProcessing;

/** How Apache's HTTP client, below Jersey's connector, is set up for LM Studio. */
final class Connector implements AutoCloseable {
  private static final int MAX_HEADER_LINE = 64 << 10;
  private static final int MAX_HEADERS = 200;

  /** A token of 300 bytes fits many times; a connection has three of these. */
  private static final int BUFFER = 1 << 10;

  private final LmStudioSettings settings;
  private final NameLookup names;
  private final AllowedHosts allowed;

  Connector(LmStudioSettings settings) {
    this.settings = settings;
    names = new NameLookup(settings.limits().connect());
    allowed = AllowedHosts.parse(settings.allowedHosts(), names);
  }

  /** Sets up a client that has Jersey's connector to Apache's. */
  void configure(Configurable<?> client) {
    ConnectionReuseStrategy never = (request, response, context) -> false;
    client.register(
        (Apache5HttpClientBuilderConfigurator) Connector::withoutOwnWill,
        Apache5HttpClientBuilderConfigurator.class);
    client.property(ClientProperties.REQUEST_ENTITY_PROCESSING, RequestEntityProcessing.BUFFERED);
    client.property(ClientProperties.FOLLOW_REDIRECTS, false);
    client.property(Apache5ClientProperties.DISABLE_COOKIES, true);
    client.property(Apache5ClientProperties.REUSE_STRATEGY, never);
    client.property(Apache5ClientProperties.CONNECTION_MANAGER, connections());
    client.property(
        Apache5ClientProperties.CONNECTION_CLOSING_STRATEGY,
        (Apache5ConnectionClosingStrategy) Connector::closeAtOnce);
    client.property(Apache5ClientProperties.REQUEST_CONFIG, noTimeouts());
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
    names.close();
  }
}
