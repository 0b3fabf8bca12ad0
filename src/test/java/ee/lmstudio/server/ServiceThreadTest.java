package ee.lmstudio.server;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** Whether another thread can dispatch a suspended request. */
class ServiceThreadTest {
  /** The interface of Payara's class, as far as it matters here. */
  interface OfPayara extends AsyncContext {
    boolean isDelayAsyncDispatchAndComplete();
  }

  private boolean delays = true;
  private boolean acceptsListeners = true;

  private <T extends AsyncContext> T context(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              switch (method.getName()) {
                case "isDelayAsyncDispatchAndComplete" -> {
                  return delays;
                }
                case "addListener" -> {
                  if (!acceptsListeners) {
                    throw new IllegalStateException("too late");
                  }
                  return null;
                }
                default -> throw new UnsupportedOperationException(method.toString());
              }
            }));
  }

  /** Payara refuses listeners a moment before it begins to take dispatches. */
  @Test
  void payara_takesDispatchesWhenItSaysSo() {
    AsyncContext context = context(OfPayara.class);
    acceptsListeners = false;
    assertThat(ServiceThread.hasLeft(context)).isFalse();
    delays = false;
    assertThat(ServiceThread.hasLeft(context)).isTrue();
  }

  @Test
  void anotherServer_takesDispatchesWhenItRefusesListeners() {
    AsyncContext context = context(AsyncContext.class);
    assertThat(ServiceThread.hasLeft(context)).isFalse();
    acceptsListeners = false;
    assertThat(ServiceThread.hasLeft(context)).isTrue();
  }
}
