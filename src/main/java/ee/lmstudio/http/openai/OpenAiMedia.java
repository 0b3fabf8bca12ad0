package ee.lmstudio.http.openai;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.body.BodyFile;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.http.request.GenerationFields;
import ee.lmstudio.http.request.JsonBodyReader;
import ee.lmstudio.http.request.MultipartForm;
import ee.lmstudio.run.MediaCalls;
import ee.lmstudio.run.Work;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.ImageAnswer;
import ee.lmstudio.sdk.model.ImageRequest;
import ee.lmstudio.sdk.model.SpeechRequest;
import ee.lmstudio.sdk.model.Transcript;
import ee.lmstudio.sdk.model.TranscriptFormat;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamLog;
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
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Handles audio and images below {@code /v1}. Each call is a run like a generation: it waits for
 * its turn, and its stream can be read again and cancelled. A client that asks for a stream gets
 * OpenAI's events, although LM Studio sends the whole answer at once.
 */
@RequestScoped
@Path("")
public class OpenAiMedia {
  /** The field with the media type of the answer in {@link StreamEvent.Completed#stats()}. */
  private static final String CONTENT_TYPE = "content_type";

  private static final String FORMAT = "stream_format";
  private static final String EVENTS = "sse";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final Set<String> HOW_TO_STREAM = Set.of("stream", "partial_images");

  @Inject OpenAiRuns runs;
  @Inject MediaCalls media;
  @Inject ServerSettings settings;
  @Context HttpHeaders headers;
  @Context HttpServletRequest request;
  @Context HttpServletResponse response;

  @POST
  @Path("audio/transcriptions")
  public void transcribe(@Suspended AsyncResponse answer) {
    listen(SdkContract::createTranscription, answer);
  }

  @POST
  @Path("audio/translations")
  public void translate(@Suspended AsyncResponse answer) {
    listen(SdkContract::createTranslation, answer);
  }

  private void listen(
      BiFunction<SdkContract, TranscriptionRequest, Transcript> call, AsyncResponse answer) {
    MultipartForm.checkContentType(headers.getMediaType());
    JsonBodyReader.checkCoding(headers);
    int most = RouteTable.of(request).limits().body().bytes(settings);
    if (request.getContentLengthLong() > most) {
      throw ApiException.tooLarge(
          most,
          "Send a shorter recording, split it into several requests, or ask the operator to raise"
              + " lm-studio.max-audio-bytes.");
    }
    BodyFile body = BodyFile.take(request).orElseThrow(MultipartForm::missing);
    RecordingForm.Request form;
    try {
      form = RecordingForm.read(body, headers.getMediaType());
    } catch (RuntimeException | Error refused) {
      body.close();
      throw refused;
    }
    MediaCalls.Call transcribing =
        (lmStudio, out) -> write(call.apply(lmStudio, form.ask()), form.streamed(), out);
    start(
        media.audio(form.fields(), form.ask().model(), transcribing, body::close),
        form.streamed() ? Optional.empty() : Optional.of(OpenAiMedia::whole),
        answer);
  }

  private static JsonObject write(Transcript transcript, boolean streamed, Consumer<String> out) {
    TranscriptFormat format = transcript.format();
    if (streamed) {
      out.accept(event("transcript.text.delta", text("delta", transcript)));
      out.accept(event("transcript.text.done", text("text", transcript)));
    } else {
      out.accept(format.isJson() ? transcript.json().toString() : transcript.text());
    }
    String text = format.equals(TranscriptFormat.VTT) ? "text/vtt; charset=utf-8" : TEXT;
    return about(format.isJson() ? "application/json" : text);
  }

  private static JsonObject text(String name, Transcript transcript) {
    return JSON.createObjectBuilder().add(name, transcript.text()).build();
  }

  @POST
  @Path("audio/speech")
  public void speak(InputStream body, @Suspended AsyncResponse answer) {
    JsonObject fields = fields(body);
    GenerationFields.requireOneOf(fields, FORMAT, Set.of("audio", EVENTS));
    boolean streamed = fields.getString(FORMAT, "").equals(EVENTS);
    JsonObject wanted = JsonText.without(fields, Set.of(FORMAT));
    SpeechRequest ask = GenerationFields.read(wanted, SpeechRequest::of);
    start(
        media.audio(
            fields,
            ask.model(),
            (lmStudio, out) -> {
              SpeechEvents sink = new SpeechEvents(out);
              String type = lmStudio.createSpeech(ask, sink).contentType();
              if (streamed) {
                out.accept(event("speech.audio.done", JsonValue.EMPTY_JSON_OBJECT));
              }
              return about(type);
            },
            () -> {}),
        streamed ? Optional.empty() : Optional.of(SpeechEvents::whole),
        answer);
  }

  @POST
  @Path("images/generations")
  public void draw(InputStream body, @Suspended AsyncResponse answer) {
    JsonObject fields = fields(body);
    boolean streamed = OpenAiRuns.asksForAStream(fields);
    JsonObject wanted = JsonText.without(fields, HOW_TO_STREAM);
    ImageRequest ask = GenerationFields.read(wanted, ImageRequest::of);
    start(
        media.images(
            fields,
            ask.model(),
            (lmStudio, out) -> {
              ImageAnswer images = lmStudio.createImage(ask);
              if (streamed) {
                images
                    .images()
                    .forEach(
                        image -> out.accept(event("image_generation.completed", image.toJson())));
              } else {
                out.accept(images.toJson().toString());
              }
              return about("application/json");
            }),
        streamed ? Optional.empty() : Optional.of(OpenAiMedia::whole),
        answer);
  }

  private JsonObject fields(InputStream body) {
    return GenerationFields.object(JsonBodyReader.read(body, headers, request, settings));
  }

  private void start(Work work, Optional<Function<StreamLog, Pieces>> whole, AsyncResponse answer) {
    runs.start(work, "", work.request(), whole, request, response, answer);
  }

  private static JsonObject about(String contentType) {
    return JSON.createObjectBuilder().add(CONTENT_TYPE, contentType).build();
  }

  private static String event(String type, JsonObject fields) {
    return JSON.createObjectBuilder()
        .add("type", type)
        .addAll(JSON.createObjectBuilder(fields))
        .build()
        .toString();
  }

  /** Returns the whole answer, which is the only part in the log. */
  private static Pieces whole(StreamLog log) {
    Pieces.Builder whole = new Pieces.Builder();
    parts(log).forEach(whole::longText);
    return whole.contentType(contentType(log)).build();
  }

  /** Returns the parts of an answer in their order. */
  static List<String> parts(StreamLog log) {
    return RelayDialect.events(log).map(StreamEvent.Relayed::data).toList();
  }

  /** Returns the media type of a complete answer. */
  static String contentType(StreamLog log) {
    return log.entry(log.lastCursor()).event() instanceof StreamEvent.Completed completed
        ? completed.stats().getString(CONTENT_TYPE)
        : MediaType.APPLICATION_OCTET_STREAM;
  }
}
