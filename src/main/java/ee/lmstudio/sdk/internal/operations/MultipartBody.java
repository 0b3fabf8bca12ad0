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
 * Writes a form with a recording ({@code multipart/form-data}, RFC 7578) while the recording is
 * read. If reading fails, the form is left without its end, so that LM Studio never takes half a
 * recording for a whole one.
 */
final class MultipartBody implements StreamingOutput {
  private static final int BUFFER = 16 << 10;

  private final String boundary = "lmstudio-" + UUID.randomUUID();
  private final TranscriptionRequest request;
  private final Runnable breakOff;
  private IOException unreadable;

  /**
   * @param breakOff closes the connection. After a failed write alone, the client would end the
   *     request properly, with half a recording
   */
  MultipartBody(TranscriptionRequest request, Runnable breakOff) {
    this.request = request;
    this.breakOff = breakOff;
  }

  MediaType type() {
    return new MediaType("multipart", "form-data", Map.of("boundary", boundary));
  }

  /** Returns the exception of a failed read; null if the recording was read. */
  IOException unreadable() {
    return unreadable;
  }

  @Override
  public void write(OutputStream out) throws IOException {
    for (var field : request.fields().entrySet()) {
      for (String value : field.getValue()) {
        part(out, "name=\"" + quoted(field.getKey()) + "\"", "");
        out.write(bytes(value));
      }
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

  /** Escapes quotes and line breaks in a name as browsers do. */
  private static String quoted(String name) {
    return name.replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
