package ee.lmstudio.sdk.internal.operations;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.http.Failures;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.UnexpectedAnswerException;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.Speech;
import ee.lmstudio.sdk.model.SpeechRequest;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Turns a text into speech, which is copied from LM Studio to its sink through one small buffer.
 */
public final class SpeechCall {
  private static final int BUFFER = 16 << 10;

  private final Upstream upstream;
  private final long maxBytes;

  public SpeechCall(Upstream upstream) {
    this(upstream, Speech.MAX_BYTES);
  }

  SpeechCall(Upstream upstream, long maxBytes) {
    this.upstream = upstream;
    this.maxBytes = maxBytes;
  }

  /**
   * Writes the audio to {@code sink}, which stays open.
   *
   * @throws UncheckedIOException if the sink cannot be written to
   */
  public Speech run(SpeechRequest request, OutputStream sink) {
    return upstream.work(CallMethod.CREATE_SPEECH).run(call -> speak(request, sink, call));
  }

  private Speech speak(SpeechRequest request, OutputStream sink, UpstreamCall call) {
    long begun = System.nanoTime();
    request.model().ifPresent(call.trace()::model);
    String[] type = {""};
    long bytes =
        call.send(
            Capability.SPEECH,
            () -> {
              try (Response response = post(request, call)) {
                type[0] = typeOf(response);
                return copy(response, sink, call);
              }
            });
    call.end();
    return new Speech(type[0], bytes, Duration.ofNanos(System.nanoTime() - begun));
  }

  private Response post(SpeechRequest request, UpstreamCall call) throws IOException {
    try {
      return upstream
          .request("v1/audio/speech", "audio/*, application/octet-stream", call)
          .post(Entity.json(request.toJson().toString()));
    } catch (ProcessingException e) {
      throw Failures.unwrap(e);
    }
  }

  private static String typeOf(Response response) {
    return Optional.ofNullable(response.getHeaderString("Content-Type"))
        .orElse("application/octet-stream");
  }

  private long copy(Response response, OutputStream sink, UpstreamCall call) throws IOException {
    HttpAnswer head = HttpAnswer.head(response);
    if (head.status() != 200 || !mayBeAudio(head)) {
      throw new UnexpectedAnswerException(HttpAnswer.readUpTo(BUFFER, response));
    }
    InputStream in = HttpAnswer.body(response);
    byte[] buffer = new byte[BUFFER];
    int count = in.read(buffer);
    if (count > 0 && buffer[0] == '{') {
      // An error may be labelled as audio, so that the first bytes are checked before they are
      // written.
      count += in.readNBytes(buffer, count, BUFFER - count);
      refuseError(new HttpAnswer(200, head.headers(), Arrays.copyOf(buffer, count), false));
    }
    long written = 0;
    while (count > 0) {
      if (written + count > maxBytes) {
        throw new AnswerTooLargeException(
            "The speech is longer than the limit of %d bytes; %d bytes were written"
                .formatted(maxBytes, written),
            "Ask for a shorter text, or a smaller format such as mp3.",
            null);
      }
      // After a slow write, the sink must not receive more if the call was stopped meanwhile.
      call.stop().throwIfStopped();
      int some = count;
      toSink(() -> sink.write(buffer, 0, some));
      written += count;
      count = in.read(buffer);
    }
    if (written == 0) {
      throw new ProtocolException(
          "LM Studio answered without any audio", "Name a model that can speak.", null);
    }
    toSink(sink::flush);
    return written;
  }

  private static boolean mayBeAudio(HttpAnswer head) {
    return !head.compressed() && !head.saysJson() && !head.saysText();
  }

  private static void refuseError(HttpAnswer begin) throws UnexpectedAnswerException {
    if (JsonText.readObject(begin.text()).filter(o -> o.containsKey("error")).isPresent()) {
      throw new UnexpectedAnswerException(begin);
    }
  }

  /** A write to the sink, whose failure is not a failure of the connection. */
  @FunctionalInterface
  private interface SinkStep {
    void take() throws IOException;
  }

  private static void toSink(SinkStep step) {
    try {
      step.take();
    } catch (IOException e) {
      throw new UncheckedIOException("The speech cannot be written to its sink", e);
    }
  }
}
