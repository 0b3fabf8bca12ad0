package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallRecord.Tokens;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.sse.PostEventSource;
import ee.lmstudio.sdk.model.ChatRequest;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.CompletionRequest;
import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.sdk.model.GenerationRequest;
import ee.lmstudio.sdk.model.Usage;
import jakarta.json.JsonObject;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Function;

/**
 * Decides how to get one answer: first by a stream; if the stream breaks, by a second stream after
 * a pause; if that breaks, too, by one plain call. Only a break leads to another attempt; an error
 * from LM Studio or a time limit ends the call. {@link Attempt} reads the answers.
 *
 * <p>Runs on the thread of its caller; any thread may call {@link #cancel()}.
 */
public final class GenerationCall implements StreamHandle {
  private static final int STREAMS = 2;

  private final Upstream upstream;
  private final LmStudioSettings settings;
  private final Shown shown;
  private final UpstreamCall call;
  private GenerationRequest request;
  private volatile boolean posting;
  private int attempts;

  public GenerationCall(Upstream upstream, GenerationRequest request, StreamObserver observer) {
    this.upstream = upstream;
    this.settings = upstream.settings();
    this.request = request;
    this.shown = new Shown(observer);
    this.call =
        upstream.generation(
            switch (request) {
              case ChatRequest chat -> CallMethod.CREATE_CHAT_COMPLETION;
              case CompletionRequest completion -> CallMethod.CREATE_COMPLETION;
            });
  }

  @Override
  public boolean cancel() {
    return call.cancel();
  }

  @Override
  public boolean posted() {
    return posting && call.connected();
  }

  /**
   * Returns the whole answer.
   *
   * @param chooseModel names the model of a request that names none
   */
  public Completion run(Function<UpstreamCall, String> chooseModel) {
    return call.run(begun -> answer(chooseModel));
  }

  private Completion answer(Function<UpstreamCall, String> chooseModel) {
    Completion answer;
    try (call) {
      shown.handle(this);
      if (request.model().isEmpty()) {
        request = request.withModel(chooseModel.apply(call));
      }
      request.model().ifPresent(call.trace()::model);
      answer = negotiate();
      call.trace().model(answer.model());
      call.trace().finished(answer.finishReason());
      Usage usage = answer.usage();
      call.trace()
          .tokens(new Tokens(usage.promptTokens(), usage.completionTokens(), usage.synthesized()));
      call.end();
    } catch (CancelledException e) {
      shown.cancelled();
      throw e;
    } catch (LmStudioException e) {
      shown.failed(e);
      throw e;
    } catch (RuntimeException | Error defect) {
      // After an exception from the observer, the observer is not called again. An exception from
      // the SDK itself is reported to the observer.
      shown.failed(
          new StreamingException(
              "The SDK failed with " + defect.getClass().getName(), "Please report this.", defect));
      throw defect;
    }
    shown.completed(answer);
    return answer;
  }

  private Completion negotiate() {
    if (!settings.streamingEnabled()) {
      return plain(Downgrade.DISABLED);
    }
    while (true) {
      try {
        attempts++;
        call.trace().streamed();
        return attempt(true);
      } catch (BrokenStreamException e) {
        if (shown.hasText() && settings.streamRecovery() == StreamRecovery.OFF) {
          throw brokenAfterText(e);
        }
        shown.broken();
        call.lost();
        if (attempts == STREAMS) {
          return plain(Downgrade.BREAK);
        }
        call.pause(settings.streamRetryPause());
      }
    }
  }

  private Completion plain(String reason) {
    call.trace().downgraded(reason);
    shown.downgraded(new Downgrade(reason, attempts));
    try {
      return attempt(false);
    } catch (BrokenStreamException e) {
      throw new StreamingException(
          "LM Studio's answer ended early: " + e.getMessage(),
          "Check LM Studio's server log, then retry.",
          e);
    }
  }

  private static StreamingException brokenAfterText(BrokenStreamException e) {
    return new StreamingException(
        "The stream broke after text: " + e.getMessage(),
        "Send the request again, or set `streamRecovery(RESTART)`.",
        e);
  }

  private Completion attempt(boolean streamed) throws BrokenStreamException {
    return call.send(
        request.capability(),
        () -> {
          posting = true;
          Attempt attempt = new Attempt(attempts, streamed, request, shown, call, upstream);
          return attempt.read(source(streamed, attempt));
        });
  }

  /** Returns a source that reads on the thread of the call. */
  private PostEventSource source(boolean streamed, PostEventSource.Signals signals) {
    String accept = streamed ? MediaType.SERVER_SENT_EVENTS : MediaType.APPLICATION_JSON;
    return new PostEventSource(
        upstream.request(request.path(), accept, call),
        Entity.json(body(streamed).toString()),
        call.stop(),
        signals,
        Runnable::run);
  }

  private JsonObject body(boolean streamed) {
    var json = JsonText.JSON.createObjectBuilder(request.toJson()).add("stream", streamed);
    if (streamed) {
      json.add("stream_options", JsonText.JSON.createObjectBuilder().add("include_usage", true));
    }
    return json.build();
  }
}
