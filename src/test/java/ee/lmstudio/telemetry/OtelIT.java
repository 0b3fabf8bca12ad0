package ee.lmstudio.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.Chunks;
import ee.lmstudio.server.Bundle;
import ee.lmstudio.server.PayaraServer;
import ee.lmstudio.simulator.SimulatorSettings;
import ee.lmstudio.simulator.Speed;
import ee.lmstudio.simulator.socket.Script;
import ee.lmstudio.simulator.socket.SocketSimulator;
import ee.lmstudio.telemetry.OtelNames.Metric.Kind;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The packaged server exports spans and metrics to a collector, as its operator does it. */
@Timeout(180)
class OtelIT {
  private static final String PROMPT = "prompt-canary-41";
  private static final String ANSWER = "answer-canary-52";
  private static final String KEY = "sk-canary-63";
  private static final String MODEL = "qwen/telemetry";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String CALLER_SPAN = "b7ad6b7169203331";
  private static final String CHAT = "/v1/chat/completions";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static OtlpCollector collector;
  private static SocketSimulator lmStudio;
  private static Bundle server;

  @BeforeAll
  static void start() throws IOException {
    collector = new OtlpCollector();
    lmStudio = SocketSimulator.start(SimulatorSettings.defaults().withSpeed(Speed.UNLIMITED));
    server = start(collector, Map.of("OTEL_SDK_DISABLED", "false"));
  }

  private static Bundle start(OtlpCollector to, Map<String, String> more) throws IOException {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("LM_STUDIO_BASE_URL", lmStudio.url().toString());
    environment.put("LM_STUDIO_API_KEY", KEY);
    environment.put("LM_STUDIO_STREAM_RETRY_MS", "1");
    environment.put("OTEL_TRACES_EXPORTER", "otlp");
    environment.put("OTEL_METRICS_EXPORTER", "otlp");
    environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", to.url().toString());
    environment.put("OTEL_METRIC_EXPORT_INTERVAL", "300");
    environment.put("OTEL_BSP_SCHEDULE_DELAY", "100");
    return Bundle.startSmall(environment);
  }

  @AfterAll
  static void stop() {
    server.close();
    lmStudio.close();
    collector.close();
  }

  private static HttpRequest.Builder request(Bundle to, String path) {
    return HttpRequest.newBuilder(to.url(path))
        .timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + PayaraServer.ALICE)
        .header("Content-Type", "application/json");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> chat(Bundle to, String model, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        request(to, "v1/chat/completions")
            .POST(
                BodyPublishers.ofString(
                    "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                        .formatted(model, PROMPT)));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  private static Script answer(String model) {
    return Script.respondWithEvents(
        Stream.of(Chunks.text(ANSWER), Chunks.text("b"), Chunks.text("c"), Chunks.end())
            .collect(Collectors.joining())
            .replace("\"model\":\"m\"", "\"model\":\"" + model + "\""));
  }

  private static Span spanNamed(String name) throws InterruptedException {
    return collector.span(span -> span.getName().equals(name));
  }

  private static String hex(com.google.protobuf.ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  @Test
  void chat_isASpanInTheCallersTrace() throws Exception {
    lmStudio.enqueue(CHAT, answer(MODEL));
    HttpResponse<String> response =
        chat(
            server,
            MODEL,
            "traceparent",
            "00-" + TRACE + "-" + CALLER_SPAN + "-01",
            "baggage",
            "secret=" + PROMPT);
    assertThat(response.body()).contains(ANSWER);

    Span span = spanNamed("chat " + MODEL);
    assertThat(hex(span.getTraceId())).isEqualTo(TRACE);
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
    assertThat(span.getEventsList()).isEmpty();
    assertThat(span.getEndTimeUnixNano()).isGreaterThan(span.getStartTimeUnixNano());
    Span request = collector.span(some -> some.getSpanId().equals(span.getParentSpanId()));
    assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(hex(request.getParentSpanId())).isEqualTo(CALLER_SPAN);
    Map<String, String> attributes = OtlpCollector.attributes(span.getAttributesList());
    assertThat(attributes)
        .containsEntry("gen_ai.operation.name", "chat")
        .containsEntry("gen_ai.provider.name", "lmstudio")
        .containsEntry("gen_ai.request.model", MODEL)
        .containsEntry("gen_ai.request.stream", "true")
        .containsEntry("gen_ai.response.finish_reasons", "[stop]")
        .containsEntry("gen_ai.usage.output_tokens", "3")
        .containsEntry("server.address", "127.0.0.1")
        .containsEntry("server.port", "" + lmStudio.url().getPort())
        .containsEntry("http.response.status_code", "200")
        .containsEntry("lmstudio.machine", "default")
        .containsEntry("lmstudio.outcome", "completed")
        .containsEntry("lmstudio.attempts", "1")
        .containsEntry("lmstudio.chunks", "3")
        .containsEntry("lmstudio.usage.estimated", "true")
        .containsKeys(
            "gen_ai.response.model",
            "gen_ai.response.time_to_first_chunk",
            "gen_ai.usage.input_tokens")
        .doesNotContainKey("error.type");
  }

  @Test
  void failedChat_tellsItsCodeOnly() throws Exception {
    lmStudio.enqueue(
        CHAT,
        Script.respondWithJson(
            400, "{\"error\":\"No models loaded. %s %s\"}".formatted(PROMPT, KEY)));
    chat(server, "no-such-model");
    Span span = spanNamed("chat no-such-model");
    assertThat(span.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
    assertThat(span.getStatus().getMessage()).isEqualTo("model_not_loaded");
    assertThat(OtlpCollector.attributes(span.getAttributesList()))
        .containsEntry("error.type", "model_not_loaded")
        .containsEntry("lmstudio.outcome", "failed")
        .doesNotContainKeys("gen_ai.response.model", "gen_ai.usage.output_tokens");
  }

  @Test
  void brokenStreams_areAttemptsAndADowngrade() throws Exception {
    lmStudio.enqueue(CHAT, Script.respondWithEvents(Chunks.text(ANSWER)));
    lmStudio.enqueue(CHAT, Script.respondWithEvents(Chunks.text(ANSWER)));
    lmStudio.enqueue(CHAT, Script.respondWithJson(200, Chunks.whole(ANSWER)));
    assertThat(chat(server, "broken").body()).contains(ANSWER);
    assertThat(OtlpCollector.attributes(spanNamed("chat broken").getAttributesList()))
        .containsEntry("lmstudio.attempts", "3")
        .containsEntry("lmstudio.downgrade.reason", "break");
    Metric downgrades =
        collector.metric(
            OtelNames.Metric.DOWNGRADES.metricName(),
            metric -> metric.getSum().getDataPointsCount() > 0);
    assertThat(downgrades.getSum().getDataPointsList())
        .extracting(point -> OtlpCollector.attributes(point.getAttributesList()))
        .anyMatch(attributes -> "break".equals(attributes.get("lmstudio.downgrade.reason")));
  }

  @Test
  void everyMetric_isExportedWithItsUnitAndBuckets() throws Exception {
    lmStudio.enqueue(CHAT, Script.respondWithJson(200, Chunks.whole(ANSWER)));
    chat(server, "whole");
    lmStudio.enqueue(CHAT, answer(MODEL));
    chat(server, MODEL);
    Set<String> known = names();
    for (OtelNames.Metric wanted : OtelNames.Metric.values()) {
      Metric metric = collector.metric(wanted.metricName(), some -> true);
      assertThat(metric.getUnit()).as(metric.getName()).isEqualTo(wanted.unit());
      assertThat(metric.getDescription()).isEqualTo(wanted.description());
      boolean histogram = wanted.kind() == Kind.TIMES || wanted.kind() == Kind.NUMBERS;
      assertThat(metric.hasHistogram()).as(metric.getName()).isEqualTo(histogram);
      for (HistogramDataPoint point : metric.getHistogram().getDataPointsList()) {
        assertThat(point.getExplicitBoundsList()).isEqualTo(wanted.boundaries());
      }
      assertThat(metric.getSum().getIsMonotonic()).isEqualTo(wanted.kind() == Kind.COUNTER);
      List<Map<String, String>> points = points(metric);
      assertThat(points).isNotEmpty();
      for (Map<String, String> attributes : points) {
        assertThat(known).containsAll(attributes.keySet());
        assertThat(attributes).containsKeys("lmstudio.machine", "gen_ai.request.model");
      }
    }
  }

  private static List<Map<String, String>> points(Metric metric) {
    return Stream.concat(
            metric.getHistogram().getDataPointsList().stream()
                .map(HistogramDataPoint::getAttributesList),
            metric.getSum().getDataPointsList().stream().map(NumberDataPoint::getAttributesList))
        .map((List<KeyValue> list) -> OtlpCollector.attributes(list))
        .toList();
  }

  private static Set<String> names() {
    return OtelNamesTest.attributes();
  }

  @Test
  void namesThatNeverAnswered_shareOneLabel() throws Exception {
    for (int i = 0; i < 3; i++) {
      lmStudio.enqueue(CHAT, Script.respondWithJson(404, "{\"error\":\"model not found\"}"));
      chat(server, "made-up-" + i);
    }
    Metric metric =
        collector.metric(
            OtelNames.Metric.DURATION.metricName(),
            some ->
                some.getHistogram().getDataPointsList().stream()
                    .filter(
                        point ->
                            OtlpCollector.attributes(point.getAttributesList())
                                .getOrDefault("gen_ai.request.model", "")
                                .equals(ModelNames.OTHER))
                    .anyMatch(point -> point.getCount() >= 3));
    assertThat(metric.toString()).doesNotContain("made-up");
  }

  @Test
  void running_isZeroInTheEnd() throws Exception {
    lmStudio.enqueue(CHAT, answer(MODEL));
    chat(server, MODEL);
    collector.metric(
        OtelNames.Metric.RUNNING.metricName(),
        metric ->
            metric.getSum().getDataPointsCount() > 0
                && metric.getSum().getDataPointsList().stream()
                    .allMatch(point -> point.getAsInt() == 0));
  }

  @Test
  void traceHeaders_doNotReachLmStudio() throws Exception {
    String[] headers = {
      "traceparent", "00-" + TRACE + "-" + CALLER_SPAN + "-01", "baggage", "secret=" + PROMPT
    };
    lmStudio.enqueue(CHAT, answer("untraced"));
    chat(server, "untraced", headers);
    send(request(server, "v1/models").headers(headers));
    send(
        request(server, "v1/embeddings")
            .headers(headers)
            .POST(BodyPublishers.ofString("{\"model\":\"text-embed\",\"input\":\"a\"}")));
    assertThat(lmStudio.requests())
        .extracting(request -> request.path())
        .contains(CHAT, "/v1/models", "/v1/embeddings");
    for (String name : List.of("traceparent", "tracestate", "baggage")) {
      assertThat(lmStudio.requests())
          .as(name)
          .allMatch(request -> request.header(name).isEmpty(), name);
    }
    spanNamed("chat untraced");
    assertThat(collector.received())
        .as("spans of requests to LM Studio")
        .doesNotContain("url.full");
  }

  @Test
  void nothingPrivate_isExported() throws Exception {
    lmStudio.enqueue(CHAT, answer("private"));
    chat(server, "private");
    for (String odd :
        List.of(
            "{\"model\":\"m\",\"messages\":\"" + PROMPT + "\"}",
            "{\"model\":\"m\",\"temperature\":\"" + PROMPT + "\",\"messages\":[]}",
            "{\"" + PROMPT)) {
      send(request(server, "v1/chat/completions").POST(BodyPublishers.ofString(odd)));
      send(request(server, "api/v1/ai/lmstudio/infer").POST(BodyPublishers.ofString(odd)));
    }
    spanNamed("chat private");
    chat(server, "the-last-one");
    spanNamed("chat the-last-one");
    assertThat(collector.received())
        .contains("gen_ai.client.operation.duration")
        .doesNotContain(PROMPT, ANSWER, KEY, PayaraServer.ALICE, PayaraServer.BOB, "alice");
  }

  @Test
  void metricsEndpoint_hasEveryMetricOfOurs() throws Exception {
    lmStudio.enqueue(CHAT, Script.respondWithJson(200, Chunks.whole(ANSWER)));
    chat(server, "whole");
    lmStudio.enqueue(CHAT, answer(MODEL));
    chat(server, MODEL);
    spanNamed("chat " + MODEL);
    String text = send(request(server, "metrics")).body();
    for (ServerMetric metric : ServerMetric.values()) {
      assertThat(text).contains("# TYPE " + metric.family() + " ");
    }
    Map<String, String> running = new TreeMap<>();
    text.lines()
        .filter(line -> line.startsWith(ServerMetric.RUNNING.family() + "{"))
        .forEach(line -> running.put(line.replaceAll(" .*", ""), line));
    assertThat(running).isNotEmpty();
    assertThat(running.keySet()).allMatch(name -> name.contains("upstream=\"default\""));
  }

  @Test
  void withoutTheSwitch_nothingIsExported() throws Exception {
    try (OtlpCollector quiet = new OtlpCollector()) {
      try (Bundle off = start(quiet, Map.of())) {
        lmStudio.enqueue(CHAT, answer(MODEL));
        assertThat(chat(off, MODEL).body()).contains(ANSWER);
      }
      assertThat(quiet.received()).isEmpty();
    }
  }
}
