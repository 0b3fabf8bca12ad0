package ee.lmstudio.run;

import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.upstreams.Machine;
import jakarta.json.JsonObject;
import java.util.Optional;

/**
 * The work of a call with audio or images. The SDK blocks until LM Studio has answered.
 *
 * @param request the request, with the hash of a recording in place of the recording
 * @param held frees what the request holds, such as the file with the recording; runs when the work
 *     has ended or will not begin
 */
record MediaWork(
    JsonObject request,
    Optional<String> model,
    Machine machine,
    MediaCalls.Call call,
    Runnable held)
    implements Work {
  /** Maximum length of an answer, in characters. Audio and images count in base64. */
  static final int MOST = 16 << 20;

  @Override
  public StreamContent content() {
    return new StreamContent(StreamContent.Kind.RELAYED, false);
  }

  @Override
  public void run(String caller, String requestId, RunWriter writer) {
    SdkContract asCaller = machine.unguarded().with(CallOptions.by(caller, requestId));
    long[] length = {0};
    BlockingCall.run(
        writer,
        () -> {
          JsonObject about =
              call.run(
                  asCaller,
                  part -> {
                    length[0] += part.length();
                    check(length[0]);
                    writer.onRelayed("", part);
                  });
          writer.onDone("stop", about);
        });
  }

  private static void check(long length) {
    if (length > MOST) {
      throw new AnswerTooLargeException(
          "LM Studio's answer is longer than the limit of %d characters (audio and images count in"
                  .formatted(MOST)
              + " base64)",
          "Ask for a shorter text, fewer or smaller images, or a smaller format such as mp3.",
          null);
    }
  }

  @Override
  public void release() {
    held.run();
  }

  /** Returns nothing of the request, because it may be private. */
  @Override
  public String toString() {
    return "MediaWork";
  }
}
