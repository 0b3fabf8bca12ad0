package ee.lmstudio.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/** A collector that receives OTLP over HTTP and keeps what it got. For any thread. */
final class OtlpCollector implements AutoCloseable {
  private static final long LIMIT_SECONDS = 30;

  private final HttpServer server;

  // Guarded by this.
  private final List<Span> spans = new ArrayList<>();
  private final Map<String, Metric> metrics = new TreeMap<>();
  private final List<byte[]> bodies = new ArrayList<>();

  OtlpCollector() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::receive);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] body = body(exchange);
    take(exchange.getRequestURI().getPath(), body);
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    InputStream sent = exchange.getRequestBody();
    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    return (zipped ? new GZIPInputStream(sent) : sent).readAllBytes();
  }

  private synchronized void take(String path, byte[] body) throws IOException {
    bodies.add(body);
    switch (path) {
      case "/v1/traces" ->
          ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().stream()
              .flatMap(resource -> resource.getScopeSpansList().stream())
              .forEach(scope -> spans.addAll(scope.getSpansList()));
      // The values are totals, so that the latest ones replace the earlier ones.
      case "/v1/metrics" ->
          ExportMetricsServiceRequest.parseFrom(body).getResourceMetricsList().stream()
              .flatMap(resource -> resource.getScopeMetricsList().stream())
              .flatMap(scope -> scope.getMetricsList().stream())
              .forEach(metric -> metrics.put(metric.getName(), metric));
      default -> throw new IOException(path);
    }
    notifyAll();
  }

  /** Waits for a span. */
  synchronized Span span(Predicate<Span> wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (spans.stream().noneMatch(wanted)) {
      waitUntil(end, () -> "no such span among " + spans.stream().map(Span::getName).toList());
    }
    return spans.stream().filter(wanted).findFirst().get();
  }

  /** Waits for a metric whose latest values are as wanted. */
  synchronized Metric metric(String name, Predicate<Metric> wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!metrics.containsKey(name) || !wanted.test(metrics.get(name))) {
      waitUntil(end, () -> name + " is " + metrics.get(name));
    }
    return metrics.get(name);
  }

  private void waitUntil(long end, java.util.function.Supplier<String> problem)
      throws InterruptedException {
    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    if (left <= 0) {
      throw new AssertionError(problem.get());
    }
    wait(left);
  }

  /** Returns everything that was received, as characters: texts are readable in it. */
  synchronized String received() {
    StringBuilder all = new StringBuilder();
    bodies.forEach(body -> all.append(new String(body, StandardCharsets.UTF_8)).append('\n'));
    return all.toString();
  }

  /** Returns attributes as text, by name. */
  static Map<String, String> attributes(List<KeyValue> list) {
    Map<String, String> all = new TreeMap<>();
    list.forEach(one -> all.put(one.getKey(), text(one.getValue())));
    return all;
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> "" + value.getIntValue();
      case DOUBLE_VALUE -> "" + value.getDoubleValue();
      case BOOL_VALUE -> "" + value.getBoolValue();
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream().map(OtlpCollector::text).toList() + "";
      default -> throw new AssertionError(value);
    };
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
