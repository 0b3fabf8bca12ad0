package ee.lmstudio.sdk.internal.operations;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.internal.http.Failures;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.model.Transcript;
import ee.lmstudio.sdk.model.TranscriptFormat;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.glassfish.jersey.client.ClientProperties;
import org.glassfish.jersey.client.RequestEntityProcessing;

/** Sends a recording and reads its transcription or translation. */
public final class AudioCall {
  private static final int MAX_TRANSCRIPT = 16 << 20;

  private final Upstream upstream;
  private final CallMethod method;
  private final Capability capability;

  /**
   * @param method transcription or translation; its endpoint receives the request
   * @param capability the capability that LM Studio must have
   */
  public AudioCall(Upstream upstream, CallMethod method, Capability capability) {
    this.upstream = upstream;
    this.method = method;
    this.capability = capability;
  }

  /**
   * Returns the transcript of a recording.
   *
   * @throws UncheckedIOException if the recording cannot be read
   */
  public Transcript run(TranscriptionRequest request) {
    UpstreamCall begun =
        request.audio().repeatable() ? upstream.work(method) : upstream.workOnce(method);
    return begun.run(call -> listen(request, call));
  }

  private Transcript listen(TranscriptionRequest request, UpstreamCall call) {
    request.model().ifPresent(call.trace()::model);
    Transcript transcript =
        call.send(capability, () -> read(request.format(), post(request, call)));
    call.end();
    return transcript;
  }

  private Transcript read(TranscriptFormat format, HttpAnswer answer) {
    if (answer.truncated()) {
      throw new AnswerTooLargeException(
          "LM Studio's transcript is longer than " + MAX_TRANSCRIPT + " bytes",
          "Send the recording in parts.",
          null);
    }
    return TranscriptReader.read(format, answer).orElseThrow(() -> upstream.errors().of(answer));
  }

  private HttpAnswer post(TranscriptionRequest request, UpstreamCall call) throws IOException {
    String accept = request.format().isJson() ? MediaType.APPLICATION_JSON : MediaType.WILDCARD;
    MultipartBody body = new MultipartBody(request, call.stop()::breakOff);
    Invocation post =
        upstream
            .request(method.path(), accept, call)
            .property(ClientProperties.REQUEST_ENTITY_PROCESSING, RequestEntityProcessing.CHUNKED)
            .buildPost(Entity.entity(body, body.type()));
    try (Response response = post.invoke()) {
      return HttpAnswer.readUpTo(MAX_TRANSCRIPT, response).requireOk();
    } catch (ProcessingException e) {
      if (body.unreadable() != null) {
        // An interrupted thread cannot read a file either. The interrupt is the cause, not the
        // file.
        call.stop().throwIfStoppedOrInterrupted();
        throw new UncheckedIOException("The recording cannot be read", body.unreadable());
      }
      throw Failures.unwrap(e);
    }
  }
}
