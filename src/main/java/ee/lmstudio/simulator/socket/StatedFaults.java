package ee.lmstudio.simulator.socket;

import static ee.lmstudio.simulator.socket.Script.respondWith;
import static ee.lmstudio.simulator.socket.Script.respondWithEvents;
import static ee.lmstudio.simulator.socket.Script.respondWithJson;
import static ee.lmstudio.simulator.socket.Script.respondWithRaw;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** Whole answers that are faults, in the words of LM Studio or of a program in its place. */
final class StatedFaults {
  private static final String EVENTS = "text/event-stream";
  private static final String DONE = "data: [DONE]\n\n";
  private static final String FINISH =
      "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  private static final String WHOLE =
      "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},"
          + "\"finish_reason\":\"stop\"}]}";
  private static final String PAGE = "<html><body>It works!</body></html>";
  private static final int MIB = 1 << 20;

  /** A piece of an answer. */
  static final String TEXT =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},"
          + "\"finish_reason\":null}]}\n\n";

  private StatedFaults() {}

  /** Returns an error with this status. Errors that may be retried allow it at once. */
  static Script status(int status) {
    return respondWithJson(status, "{\"error\":\"The simulator was told to answer so\"}")
        .header("Retry-After", "0");
  }

  static Script unknownModel() {
    return stated(
        400,
        "Invalid model identifier 'x'. Please specify a valid downloaded model",
        "model_not_found");
  }

  static Script contextOverflow() {
    return respondWithJson(
        400,
        "{\"error\":\"The number of tokens to keep from the initial prompt is greater than the"
            + " context length (n_keep: 5000 >= n_ctx: 4096)\"}");
  }

  static Script noModelLoaded() {
    return stated(
        400, "No models loaded. Please load a model in the developer page or use 'lms load'.", "");
  }

  private static Script stated(int status, String message, String code) {
    return respondWithJson(
        status,
        "{\"error\":{\"message\":\"%s\",\"type\":\"invalid_request_error\",\"code\":\"%s\"}}"
            .formatted(message, code));
  }

  static Script unknownEndpoint() {
    return respondWithJson(
        200, "{\"error\":\"Unexpected endpoint or method. (POST /v1/chat/completions)\"}");
  }

  static Script errorBody() {
    return respondWithJson(200, "{\"error\":{\"message\":\"Compute error.\"}}");
  }

  static Script notStreamed() {
    return respondWithJson(200, WHOLE);
  }

  static Script html() {
    return respondWith(200, "text/html").body(PAGE);
  }

  static Script emptyBody() {
    return respondWithJson(200, "");
  }

  static Script wrongType() {
    return respondWith(200, "text/plain").body(WHOLE);
  }

  static Script redirect() {
    return respondWith(307, "text/html").header("Location", "/elsewhere").body(PAGE);
  }

  static Script gzip() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write((TEXT + FINISH + DONE).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return respondWith(200, EVENTS).header("Content-Encoding", "gzip").body(bytes.toByteArray());
  }

  static Script noHttp() {
    return respondWithRaw("SSH-2.0-OpenSSH_9.2\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  static Script errorEvent(String before) {
    return respondWithEvents(
        before + "event: error\ndata: {\"error\":{\"message\":\"Compute error.\"}}\n\n");
  }

  static Script errorData() {
    return respondWithEvents(TEXT + "data: {\"error\":\"Compute error.\"}\n\n" + DONE);
  }

  static Script errorLine() {
    return respondWithEvents(TEXT + "error: Compute error.\n\n");
  }

  static Script noJson() {
    return respondWithEvents(TEXT + "data: {\"choices\":[\n\n" + FINISH + DONE);
  }

  static Script noDone() {
    return respondWithEvents(TEXT + FINISH);
  }

  static Script onlyDone() {
    return respondWithEvents(DONE);
  }

  static Script dataAfterDone() {
    return respondWithEvents(TEXT + FINISH + DONE + TEXT + "data: {\n\n");
  }

  static Script noise() {
    String noise =
        ": comment\n\nevent: model_load.progress\ndata: {\"progress\":0.5}\n\n"
            + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\n";
    return respondWithEvents(noise + TEXT + noise + noise + FINISH + DONE);
  }

  static Script otherModel() {
    return respondWithEvents(
        TEXT.replace("{\"choices\"", "{\"model\":\"somebody-else\",\"choices\"") + FINISH + DONE);
  }

  static Script longLine() {
    return respondWithEvents(TEXT + "data: " + "x".repeat(MIB) + "\n\n" + FINISH + DONE);
  }

  static Script largeEvent() {
    String lines = ("data: " + "x".repeat(MIB / 2) + "\n").repeat(9);
    return respondWithEvents(TEXT + lines + "\n" + FINISH + DONE);
  }

  static Script endlessComments() {
    Script answer = respondWith(200, EVENTS).body(TEXT);
    String comment = ": " + "x".repeat(MIB / 2) + "\n";
    for (int i = 0; i < 130; i++) {
      answer.body(comment);
    }
    return answer.body(FINISH + DONE);
  }
}
