package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.error.ValidationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Holds a recording to send. The SDK reads the recording while it sends it, and never holds all of
 * it in memory.
 *
 * @param fileName the file name that is sent to LM Studio, which recognises the format by the
 *     extension
 * @param contentType such as {@code audio/wav}
 * @param repeatable whether the recording can be opened more than once. A call with a recording
 *     that cannot is never retried
 * @param opener opens the recording at its beginning; the SDK closes the stream
 */
public record AudioSource(String fileName, String contentType, boolean repeatable, Opener opener) {
  private static final Map<String, String> TYPES =
      Map.of(
          "wav", "audio/wav",
          "mp3", "audio/mpeg",
          "mpga", "audio/mpeg",
          "m4a", "audio/mp4",
          "mp4", "audio/mp4",
          "flac", "audio/flac",
          "ogg", "audio/ogg",
          "opus", "audio/ogg",
          "webm", "audio/webm");

  /** Opens a recording as a stream. */
  @FunctionalInterface
  public interface Opener {
    /**
     * {@return the recording from its beginning}
     *
     * @throws IOException if it cannot be opened
     */
    InputStream open() throws IOException;
  }

  /**
   * Checks the values.
   *
   * @throws ValidationException if a value is invalid; the message names the value
   */
  public AudioSource {
    Objects.requireNonNull(opener, "opener");
    if (fileName.isBlank() || hasControls(fileName)) {
      throw ValidationException.of("file", "has a name that is empty or not printable");
    }
    if (!contentType.matches("[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+")) {
      throw ValidationException.of(
          "file", "has content type '" + contentType + "', which is not a content type");
    }
  }

  private static boolean hasControls(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  /**
   * Returns a recording in a file. The file is opened when the call is made.
   *
   * @param file the file; its extension tells LM Studio the format
   * @return the recording
   */
  public static AudioSource of(Path file) {
    return of(String.valueOf(file.getFileName()), () -> Files.newInputStream(file));
  }

  /**
   * Returns a recording that {@code opener} opens. A retry opens it again, which must give the
   * recording from its beginning.
   *
   * @param fileName the file name that is sent to LM Studio; its extension tells the format
   * @param opener opens the recording at its beginning
   * @return the recording
   */
  public static AudioSource of(String fileName, Opener opener) {
    return new AudioSource(fileName, typeOf(fileName), true, opener);
  }

  /**
   * Returns a recording in a stream that can only be read once.
   *
   * @param fileName the file name that is sent to LM Studio; its extension tells the format
   * @param stream the recording; the SDK closes the stream
   * @return the recording
   */
  public static AudioSource once(String fileName, InputStream stream) {
    Objects.requireNonNull(stream, "stream");
    return new AudioSource(fileName, typeOf(fileName), false, () -> stream);
  }

  private static String typeOf(String fileName) {
    String ending = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return TYPES.getOrDefault(ending, "application/octet-stream");
  }

  /** Returns the type without the file name, because names of recordings can be private. */
  @Override
  public String toString() {
    return "AudioSource[" + contentType + (repeatable ? "]" : ", once]");
  }
}
