package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.FieldFaults;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks images in a message. The checks refuse only values that no LM Studio version accepts,
 * because versions differ in the formats they accept and in whether they fetch addresses.
 */
final class ImageRules {
  private static final int MAX_BYTES = 32 << 20;
  private static final Pattern BASE64_URI =
      Pattern.compile("data:([a-z0-9.+/-]{1,100});base64,", Pattern.CASE_INSENSITIVE);
  private static final String READ_IT =
      "Build the part with ContentPart.image(bytes) or ContentPart.image(path).";

  private ImageRules() {}

  static void checkUrl(FieldFaults faults, String field, JsonValue url) {
    if (!faults.isThere(field, url) || !faults.isText(field, url)) {
      return;
    }
    String text = ((JsonString) url).getString();
    Matcher start = BASE64_URI.matcher(text);
    if (text.isBlank()) {
      faults.add(field, "is blank", READ_IT);
    } else if (start.lookingAt() && !isBase64(text, start.end())) {
      faults.add(field, "is a base64 data URI whose data is not base64", READ_IT);
    }
  }

  /** Returns the media type that a base64 data URI names; empty for any other text. */
  static Optional<String> mediaType(String url) {
    Matcher start = BASE64_URI.matcher(url);
    return start.lookingAt()
        ? Optional.of(start.group(1).toLowerCase(Locale.ROOT).replace("image/jpg", "image/jpeg"))
        : Optional.empty();
  }

  /** Returns the media type of a file, recognised by its first bytes. */
  static String mediaType(byte[] file) {
    checkSize(file.length);
    if (begins(file, 0, "\u0089PNG\r\n\u001A\n")) {
      return "image/png";
    }
    if (begins(file, 0, "\u00FF\u00D8\u00FF")) {
      return "image/jpeg";
    }
    if (begins(file, 0, "RIFF") && begins(file, 8, "WEBP")) {
      return "image/webp";
    }
    if (begins(file, 0, "GIF8")) {
      return "image/gif";
    }
    throw wrong(
        "is not a PNG, JPEG, WebP or GIF file",
        "Convert the image, or build the part with ContentPart.of(json) and its own data URI.");
  }

  static void checkSize(long bytes) {
    if (bytes > MAX_BYTES) {
      throw wrong(
          "has %d bytes; at most %d are allowed".formatted(bytes, MAX_BYTES),
          "Reduce the image's size, for example by scaling it down.");
    }
  }

  private static ValidationException wrong(String reason, String hint) {
    return new ValidationException(
        "image: " + reason, hint, List.of(new ValidationException.Fault("image", reason)));
  }

  private static boolean begins(byte[] file, int at, String with) {
    byte[] bytes = with.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      if (at + i >= file.length || file[at + i] != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether the text is base64. The check does not decode, because the data may have
   * megabytes. Padding may be missing.
   */
  private static boolean isBase64(String text, int from) {
    int end = text.length();
    while (end > from && end > text.length() - 2 && text.charAt(end - 1) == '=') {
      end--;
    }
    int digits = end - from;
    boolean padded = end < text.length();
    boolean fits = padded ? (text.length() - from) % 4 == 0 : digits % 4 != 1;
    for (int i = from; fits && i < end; i++) {
      fits = isBase64Digit(text.charAt(i));
    }
    return fits && digits > 0;
  }

  /** Accepts both alphabets, because the decoder of LM Studio's runtime (Node.js) reads both. */
  private static boolean isBase64Digit(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || "+/-_".indexOf(c) >= 0;
  }
}
