package ee.lmstudio.sdk.internal.operations;

import ee.lmstudio.sdk.model.AudioSource;
import ee.lmstudio.sdk.model.TranscriptionRequest;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/**
 * A form with a recording ({@code multipart/form-data}, RFC 7578), written as the recording is
 * read. If that fails, the form has no end, so that half a recording is never taken for a whole.
 */
final class MultipartBody implements StreamingOutput {
  private static final int BUFFER = 16 << 10;

  private final String boundary = "lmstudio-" + UUID.randomUUID();
  private final TranscriptionRequest request;
  private final Runnable breakOff;
  private IOException unreadable;

  /**
   * @param breakOff closes the connection. A failing write alone does not: the client would end the
   *     request properly, with half a recording in it
   */
  MultipartBody(TranscriptionRequest request, Runnable breakOff) {
    this.request = request;
    this.breakOff = breakOff;
  }

  MediaType type() {
    return new MediaType("multipart", "form-data", Map.of("boundary", boundary));
  }

  /** Why the recording could not be read; null if it could. */
  IOException unreadable() {
    return unreadable;
  }

  @Override
  public void write(OutputStream out) throws IOException {
    for (var field : request.fields().entrySet()) {
      part(out, "name=\"" + quoted(field.getKey()) + "\"", "");
      out.write(bytes(field.getValue()));
    }
    AudioSource audio = request.audio();
    part(
        out,
        "name=\"file\"; filename=\"" + quoted(audio.fileName()) + "\"",
        "\r\nContent-Type: " + audio.contentType());
    try (InputStream recording = open(audio)) {
      byte[] buffer = new byte[BUFFER];
      for (int count = next(recording, buffer); count >= 0; count = next(recording, buffer)) {
        out.write(buffer, 0, count);
      }
    }
    out.write(bytes("\r\n--" + boundary + "--\r\n"));
  }

  private void part(OutputStream out, String disposition, String type) throws IOException {
    out.write(
        bytes(
            "\r\n--%s\r\nContent-Disposition: form-data; %s%s\r\n\r\n"
                .formatted(boundary, disposition, type)));
  }

  private InputStream open(AudioSource audio) throws IOException {
    try {
      return audio.opener().open();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private int next(InputStream recording, byte[] buffer) throws IOException {
    try {
      return recording.read(buffer);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private IOException failed(IOException cause) {
    unreadable = cause;
    breakOff.run();
    return cause;
  }

  /** As browsers write names that have a quote or a line break. */
  private static String quoted(String name) {
    return name.replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
