package ee.lmstudio.sdk;

import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.rest.client.RestClientBuilder;
import org.eclipse.microprofile.rest.client.spi.RestClientListener;

/** Counts the MicroProfile Rest Clients that are made; found as a service. */
public final class RestClientsMade implements RestClientListener {
  private static final AtomicInteger COUNT = new AtomicInteger();

  static int count() {
    return COUNT.get();
  }

  @Override
  public void onNewClient(Class<?> type, RestClientBuilder builder) {
    COUNT.incrementAndGet();
  }
}
