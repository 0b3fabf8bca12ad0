package ee.lmstudio.telemetry;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallRecord;
import ee.lmstudio.sdk.CallRecord.Delivery;
import ee.lmstudio.sdk.CallRecord.Outcome;
import ee.lmstudio.telemetry.OtelNames.Attribute;
import ee.lmstudio.telemetry.OtelNames.Metric;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.DoubleHistogramBuilder;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.LongUpDownCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Exports through OpenTelemetry: one span for each call that generates or loads a model, and
 * metrics. A span is created when its call has ended, with the time at which the call began, so
 * that the SDK needs no OpenTelemetry, and a token costs nothing.
 */
final class OtelExport implements Export {
  private static final String SCOPE = "ee.lmstudio";
  private static final double NANOS = 1e9;

  private final Tracer tracer;
  private final DoubleHistogram duration;
  private final LongHistogram tokenUsage;
  private final DoubleHistogram firstChunk;
  private final DoubleHistogram perChunk;
  private final LongCounter attempts;
  private final LongCounter downgrades;
  private final DoubleHistogram queueWait;
  private final LongUpDownCounter running;

  OtelExport(OpenTelemetry telemetry) {
    tracer =
        telemetry.getTracerProvider().tracerBuilder(SCOPE).setSchemaUrl(OtelNames.SCHEMA).build();
    Meter meter =
        telemetry.getMeterProvider().meterBuilder(SCOPE).setSchemaUrl(OtelNames.SCHEMA).build();
    duration = histogram(meter, Metric.DURATION).build();
    tokenUsage =
        histogram(meter, Metric.TOKEN_USAGE)
            .ofLongs()
            .setExplicitBucketBoundariesAdvice(
                Metric.TOKEN_USAGE.boundaries().stream().map(Double::longValue).toList())
            .build();
    firstChunk = histogram(meter, Metric.FIRST_CHUNK).build();
    perChunk = histogram(meter, Metric.PER_CHUNK).build();
    attempts = counter(meter, Metric.ATTEMPTS);
    downgrades = counter(meter, Metric.DOWNGRADES);
    queueWait = histogram(meter, Metric.QUEUE_WAIT).build();
    running =
        meter
            .upDownCounterBuilder(Metric.RUNNING.metricName())
            .setUnit(Metric.RUNNING.unit())
            .setDescription(Metric.RUNNING.description())
            .build();
  }

  /** Returns an export to the server's OpenTelemetry, or one that does nothing if it is off. */
  static Export create() {
    OpenTelemetry telemetry = GlobalOpenTelemetry.get();
    boolean off =
        telemetry.getTracerProvider() == TracerProvider.noop()
            && telemetry.getMeterProvider() == MeterProvider.noop();
    return off ? NOTHING : new OtelExport(telemetry);
  }

  /** Returns a context whose spans are not exported, unless the sampler ignores parents. */
  static Object unsampled() {
    SpanContext nobody =
        SpanContext.create(
            "00000000000000000000000000000001",
            "0000000000000001",
            TraceFlags.getDefault(),
            TraceState.getDefault());
    return Context.root().with(Span.wrap(nobody));
  }

  private static DoubleHistogramBuilder histogram(Meter meter, Metric metric) {
    return meter
        .histogramBuilder(metric.metricName())
        .setUnit(metric.unit())
        .setDescription(metric.description())
        .setExplicitBucketBoundariesAdvice(metric.boundaries());
  }

  private static LongCounter counter(Meter meter, Metric metric) {
    return meter
        .counterBuilder(metric.metricName())
        .setUnit(metric.unit())
        .setDescription(metric.description())
        .build();
  }

  /** Returns the conventions' name for what a call does; empty if it is not exported. */
  static Optional<String> operation(CallMethod method) {
    return Optional.ofNullable(
        switch (method) {
          case CREATE_CHAT_COMPLETION -> "chat";
          case CREATE_COMPLETION -> "text_completion";
          case CREATE_EMBEDDING -> "embeddings";
          // The conventions have no names for the following operations.
          case CREATE_TRANSCRIPTION -> "transcription";
          case CREATE_TRANSLATION -> "translation";
          case CREATE_SPEECH -> "speech";
          case CREATE_IMAGE -> "image";
          case RELAY -> "relay";
          case LOAD_MODEL -> "load_model";
          case HEALTH_CHECK, LIST_MODELS, CAPABILITIES, UNLOAD_MODEL, DOWNLOAD_MODEL -> null;
        });
  }

  @Override
  public void ended(Peer peer, CallRecord call, ModelNames names) {
    operation(call.method())
        .ifPresent(
            operation -> {
              span(operation, peer, call);
              count(operation, peer, call, names);
            });
  }

  private void span(String operation, Peer peer, CallRecord call) {
    Optional<String> requested = call.requestedModel().map(OtelExport::shortened);
    Attributes attributes = attributesOfSpan(operation, peer, call);
    Span span =
        tracer
            .spanBuilder(requested.map(model -> operation + " " + model).orElse(operation))
            .setSpanKind(SpanKind.CLIENT)
            .setStartTimestamp(call.startedAt())
            .setAllAttributes(attributes)
            .startSpan();
    call.errorCode().ifPresent(code -> span.setStatus(StatusCode.ERROR, code));
    span.end(call.startedAt().plus(call.duration()));
  }

  private static Attributes attributesOfSpan(String operation, Peer peer, CallRecord call) {
    Delivery delivery = call.delivery();
    AttributesBuilder all = common(operation, peer);
    all.put(Attribute.OUTCOME, outcome(call));
    all.put(Attribute.ATTEMPTS, (long) call.requests());
    call.requestedModel().ifPresent(name -> all.put(Attribute.REQUEST_MODEL, shortened(name)));
    call.errorCode().ifPresent(code -> all.put(Attribute.ERROR_TYPE, code));
    call.status().ifPresent(status -> all.put(Attribute.STATUS, (long) status));
    if (call.outcome() == Outcome.COMPLETED) {
      call.model().ifPresent(name -> all.put(Attribute.RESPONSE_MODEL, shortened(name)));
    }
    if (call.streams() > 0) {
      all.put(Attribute.REQUEST_STREAM, true);
      all.put(Attribute.CHUNKS, (long) delivery.chunks());
      call.firstToken().ifPresent(time -> all.put(Attribute.FIRST_CHUNK, seconds(time)));
    }
    delivery.finishReason().ifPresent(reason -> all.put(Attribute.FINISH_REASONS, List.of(reason)));
    delivery.downgrade().ifPresent(reason -> all.put(Attribute.DOWNGRADE, reason));
    call.tokens()
        .ifPresent(
            tokens -> {
              all.put(Attribute.INPUT_TOKENS, (long) tokens.prompt());
              all.put(Attribute.OUTPUT_TOKENS, (long) tokens.completion());
              all.put(Attribute.ESTIMATED, tokens.synthesized());
            });
    return all.build();
  }

  private void count(String operation, Peer peer, CallRecord call, ModelNames names) {
    AttributesBuilder builder = common(operation, peer);
    call.requestedModel()
        .ifPresent(
            name -> builder.put(Attribute.REQUEST_MODEL, names.labelOf(call.requestedModel())));
    if (call.outcome() == Outcome.COMPLETED && call.model().isPresent()) {
      builder.put(Attribute.RESPONSE_MODEL, names.labelOf(call.model()));
    }
    Attributes model = builder.build();
    AttributesBuilder ending = model.toBuilder().put(Attribute.OUTCOME, outcome(call));
    call.errorCode().ifPresent(code -> ending.put(Attribute.ERROR_TYPE, code));
    duration.record(seconds(call.duration()), ending.build());
    attempts.add(call.requests(), model);
    Delivery delivery = call.delivery();
    delivery
        .downgrade()
        .ifPresent(
            reason ->
                downgrades.add(1, model.toBuilder().put(Attribute.DOWNGRADE, reason).build()));
    if (call.streams() > 0) {
      call.firstToken().ifPresent(time -> firstChunk.record(seconds(time), model));
      if (delivery.chunks() > 1) {
        perChunk.record(seconds(delivery.chunkTime()) / (delivery.chunks() - 1), model);
      }
    }
    call.tokens()
        .ifPresent(
            tokens -> {
              Attributes exact =
                  model.toBuilder().put(Attribute.ESTIMATED, tokens.synthesized()).build();
              tokenUsage.record(tokens.prompt(), type(exact, "input"));
              if (call.method() != CallMethod.CREATE_EMBEDDING) {
                tokenUsage.record(tokens.completion(), type(exact, "output"));
              }
            });
  }

  private static Attributes type(Attributes attributes, String type) {
    return attributes.toBuilder().put(Attribute.TOKEN_TYPE, type).build();
  }

  private static AttributesBuilder common(String operation, Peer peer) {
    return Attributes.builder()
        .put(Attribute.OPERATION, operation)
        .put(Attribute.PROVIDER_NAME, OtelNames.PROVIDER)
        .put(Attribute.SERVER_ADDRESS, peer.host())
        .put(Attribute.SERVER_PORT, (long) peer.port())
        .put(Attribute.MACHINE, peer.name());
  }

  private static String outcome(CallRecord call) {
    return call.outcome().name().toLowerCase(Locale.ROOT);
  }

  private static double seconds(Duration time) {
    return time.toNanos() / NANOS;
  }

  private static String shortened(String name) {
    return name.length() > ModelNames.LONGEST ? name.substring(0, ModelNames.LONGEST) : name;
  }

  @Override
  public void waited(String upstream, String model, Duration time) {
    queueWait.record(seconds(time), stream(upstream, model));
  }

  @Override
  public void running(String upstream, String model, int change) {
    running.add(change, stream(upstream, model));
  }

  private static Attributes stream(String upstream, String model) {
    return Attributes.of(Attribute.MACHINE, upstream, Attribute.REQUEST_MODEL, model);
  }

  @Override
  public Runnable inContext(Runnable work) {
    return Context.current().wrap(work);
  }
}
