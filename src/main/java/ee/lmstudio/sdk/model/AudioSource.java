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
 * A recording to send. It is read as it goes out and never held in memory whole.
 *
 * @param fileName what LM Studio is told; its ending says the format, so it should have one
 * @param contentType such as {@code audio/wav}
 * @param repeatable whether it can be opened more than once. What cannot is never sent again, so a
 *     call with it has no retries
 * @param opener gives the recording from its beginning; the SDK closes what it gives
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

  /** Opens a recording. */
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
   * @throws ValidationException if one is wrong; the message names it
   */
  public AudioSource {
    Objects.requireNonNull(opener, "opener");
    if (fileName.isBlank() || hasControls(fileName)) {
      throw ValidationException.of("file", "has a name that is empty or not printable");
    }
    if (!contentType.matches("[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+")) {
      throw ValidationException.of("file", "has content type '" + contentType + "', which is none");
    }
  }

  private static boolean hasControls(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  /**
   * A file. It is opened when the call is made.
   *
   * @param file its name says the format by its ending
   * @return the recording
   */
  public static AudioSource of(Path file) {
    return of(String.valueOf(file.getFileName()), () -> Files.newInputStream(file));
  }

  /**
   * Whatever the opener gives; it may be asked again, and must then begin anew.
   *
   * @param fileName what LM Studio is told; its ending says the format
   * @param opener gives the recording from its beginning
   * @return the recording
   */
  public static AudioSource of(String fileName, Opener opener) {
    return new AudioSource(fileName, typeOf(fileName), true, opener);
  }

  /**
   * A stream that can be read once.
   *
   * @param fileName what LM Studio is told; its ending says the format
   * @param stream the recording; the SDK closes it
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

  /** What it is, but not what it is called: names of recordings can be private. */
  @Override
  public String toString() {
    return "AudioSource[" + contentType + (repeatable ? "]" : ", once]");
  }
}
