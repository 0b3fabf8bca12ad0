package ee.lmstudio.http.openai;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.http.request.GenerationFields;
import ee.lmstudio.http.request.JsonBodyReader;
import ee.lmstudio.run.GenerationWork;
import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.FieldFaults;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.GenerationRequest;
import ee.lmstudio.stream.StreamLog;
import ee.lmstudio.upstreams.Upstreams;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Function;

/**
 * Handles {@code POST /v1/chat/completions} and {@code POST /v1/completions}. The {@code Accept}
 * header is ignored, because OpenAI's clients ask for JSON even if they want a stream.
 */
@RequestScoped
@Path("")
public class OpenAiGenerations {
  @Inject OpenAiRuns runs;
  @Inject Upstreams upstreams;
  @Inject ServerSettings settings;
  @Context HttpHeaders headers;
  @Context HttpServletRequest request;
  @Context HttpServletResponse response;

  @POST
  @Path("chat/completions")
  public void chat(InputStream body, @Suspended AsyncResponse answer) {
    generate(body, ChatRequest::of, answer);
  }

  @POST
  @Path("completions")
  public void complete(InputStream body, @Suspended AsyncResponse answer) {
    generate(body, CompletionRequest::of, answer);
  }

  private void generate(
      InputStream body, Function<JsonObject, GenerationRequest> reader, AsyncResponse answer) {
    JsonValue json = JsonBodyReader.read(body, headers, request, settings);
    FieldFaults faults = new FieldFaults();
    if (!faults.isObject("", json)) {
      throw GenerationFields.refusal(faults);
    }
    JsonObject fields = json.asJsonObject();
    GenerationRequest ask = read(fields, reader, faults);
    // After a break, the recovery starts again. A stream in OpenAI's format cannot say that.
    boolean streamed = OpenAiRuns.asksForAStream(fields);
    Optional<StreamRecovery> recovery =
        streamed ? Optional.of(StreamRecovery.OFF) : Optional.empty();
    GenerationWork work = new GenerationWork(ask, upstreams::sdk, recovery, wantsUsage(fields));
    runs.start(
        work,
        "",
        fields,
        streamed ? Optional.empty() : Optional.of(OpenAiGenerations::whole),
        request,
        response,
        answer);
  }

  private static GenerationRequest read(
      JsonObject fields, Function<JsonObject, GenerationRequest> reader, FieldFaults faults) {
    GenerationFields.check(fields, faults);
    JsonValue options = fields.getOrDefault("stream_options", JsonValue.NULL);
    if (options != JsonValue.NULL) {
      faults.isObject("stream_options", options);
    }
    GenerationRequest ask = null;
    try {
      ask = reader.apply(fields);
    } catch (ValidationException wrong) {
      GenerationFields.add(faults, wrong);
    }
    GenerationFields.checkUnknownNumbers(fields, faults);
    if (faults.count() > 0) {
      throw GenerationFields.refusal(faults);
    }
    return ask;
  }

  private static Pieces whole(StreamLog log) {
    return new Pieces.Builder().raw(OpenAiAnswer.of(log).toString()).build();
  }

  private static boolean wantsUsage(JsonObject fields) {
    return fields.get("stream_options") instanceof JsonObject options
        && options.get("include_usage") == JsonValue.TRUE;
  }
}
