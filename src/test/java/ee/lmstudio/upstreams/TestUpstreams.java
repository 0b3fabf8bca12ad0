package ee.lmstudio.upstreams;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.config.TestSettings;
import ee.lmstudio.sdk.CallListener;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.telemetry.ActionLog;
import ee.lmstudio.telemetry.CallEvents;
import ee.lmstudio.telemetry.CallMetrics;
import ee.lmstudio.telemetry.CallTelemetry;
import jakarta.enterprise.inject.Instance;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Upstreams outside of a server. Records the thread that creates a machine, and what it uses. */
final class TestUpstreams extends Upstreams implements AutoCloseable {
  /** The name for the creation of a machine among the beans in {@link #usedBy}. */
  static final String MACHINE = "machine";

  /** Each bean that was used, and each thread that used it. */
  final Map<String, List<Thread>> usedBy = new ConcurrentHashMap<>();

  /**
   * @param creating called when a machine is about to be created
   */
  TestUpstreams(Runnable creating) {
    settings = settings();
    server = serverSettings();
    timeouts =
        new CallTimeouts() {
          @Override
          public String toString() {
            return used("timeouts");
          }
        };
    metrics =
        new CallMetrics() {
          @Override
          public String toString() {
            return used("metrics");
          }
        };
    events =
        new CallEvents() {
          @Override
          public String toString() {
            return used("events");
          }
        };
    actions =
        new ActionLog() {
          @Override
          public String toString() {
            return used("actions");
          }
        };
    telemetry =
        new CallTelemetry() {
          @Override
          public CallListener of(String upstream, URI address) {
            used(MACHINE);
            creating.run();
            return call -> {};
          }

          @Override
          public String toString() {
            return used("telemetry");
          }
        };
  }

  private String used(String bean) {
    usedBy.computeIfAbsent(bean, first -> new CopyOnWriteArrayList<>()).add(Thread.currentThread());
    return bean;
  }

  @SuppressWarnings("unchecked")
  private static Instance<LmStudioSettings> settings() {
    return (Instance<LmStudioSettings>)
        Proxy.newProxyInstance(
            Instance.class.getClassLoader(),
            new Class<?>[] {Instance.class},
            (proxy, method, arguments) -> LmStudioSettings.at("http://127.0.0.1:1"));
  }

  private static ServerSettings serverSettings() {
    Duration none = Duration.ZERO;
    return TestSettings.with(
        new ServerSettings.Streams(0, 0, none, 0, none, none, none, none, none, none));
  }

  @Override
  public void close() {
    super.close();
  }
}
