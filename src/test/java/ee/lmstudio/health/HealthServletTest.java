package ee.lmstudio.health;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.CollectedOutput;
import jakarta.enterprise.inject.Instance;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthServletTest {
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final AtomicInteger status = new AtomicInteger();
  private final CompletableFuture<Void> completed = new CompletableFuture<>();

  @Test
  void checkThatHangs_holdsNoThreadOfTheServer() throws Exception {
    CountDownLatch upstream = new CountDownLatch(1);
    HealthServlet servlet = new HealthServlet();
    servlet.ready = only(() -> answered(upstream));

    servlet.doGet(request("/ready"), response());

    assertThat(completed).as("it returned, and the answer is still to come").isNotDone();
    upstream.countDown();
    completed.get();
    assertThat(status).hasValue(200);
    assertThat(body.toString(StandardCharsets.UTF_8)).startsWith("{\"status\":\"UP\"");
  }

  private static HealthCheckResponse answered(CountDownLatch upstream) {
    try {
      upstream.await();
      return new HealthCheckResponse("lm-studio", HealthCheckResponse.Status.UP, Optional.empty());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Instance<HealthCheck> only(HealthCheck check) {
    return fake(
        Instance.class,
        (name, arguments) -> {
          List.of(check).forEach((Consumer<HealthCheck>) arguments[0]);
          return null;
        });
  }

  private HttpServletRequest request(String path) {
    AsyncContext exchange =
        fake(
            AsyncContext.class,
            (name, arguments) ->
                name.equals("complete") ? (Object) completed.complete(null) : response());
    return fake(
        HttpServletRequest.class,
        (name, arguments) -> name.equals("getPathInfo") ? path : exchange);
  }

  private HttpServletResponse response() {
    return fake(
        HttpServletResponse.class,
        (name, arguments) -> {
          if (name.equals("setStatus")) {
            status.set((int) arguments[0]);
          }
          return name.equals("getOutputStream") ? new CollectedOutput(body) : null;
        });
  }

  private static <T> T fake(Class<T> type, BiFunction<String, Object[], Object> behaviour) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object result = behaviour.apply(method.getName(), arguments);
              return method.getReturnType() == void.class ? null : result;
            }));
  }
}
