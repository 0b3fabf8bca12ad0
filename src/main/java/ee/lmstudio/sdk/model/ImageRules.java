package ee.lmstudio.sdk.model;

import ee.lmstudio.sdk.error.ValidationException;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What LM Studio takes for an image: PNG or JPEG in a data URI. It refuses addresses and WebP with
 * {@code 'url' field must be a base64 encoded image.}
 */
final class ImageRules {
  private static final int MAX_BYTES = 32 << 20;
  private static final String PNG = "image/png";
  private static final String JPEG = "image/jpeg";
  private static final Pattern DATA_URI =
      Pattern.compile("data:([a-zA-Z0-9.+/-]{1,100});base64,", Pattern.CASE_INSENSITIVE);

  /** {@code RIFF} in base64: what calls itself PNG and is WebP, as some browsers save it. */
  private static final String RIFF = "UklGR";

  private static final String RULE = "LM Studio takes a data URI with a base64 encoded PNG or JPEG";
  private static final String READ_IT =
      "Read the image yourself: ContentPart.image(bytes or path).";
  private static final String CONVERT_IT = "Convert the image to PNG or JPEG.";

  private ImageRules() {}

  static void checkUrl(FieldFaults faults, String field, JsonValue url) {
    if (!faults.isThere(field, url) || !faults.isText(field, url)) {
      return;
    }
    String text = ((JsonString) url).getString();
    Matcher start = DATA_URI.matcher(text);
    if (!start.lookingAt()) {
      faults.add(field, "is no base64 data URI; " + RULE + " and fetches no addresses", READ_IT);
      return;
    }
    String type = canonical(start.group(1));
    if (!type.equals(PNG) && !type.equals(JPEG)) {
      faults.add(field, "is " + type + "; " + RULE, CONVERT_IT);
    } else if (text.startsWith(RIFF, start.end())) {
      faults.add(field, "says " + type + " but is WebP; " + RULE, CONVERT_IT);
    } else if (!isBase64(text, start.end())) {
      faults.add(field, "is no base64 behind its comma; " + RULE, READ_IT);
    }
  }

  /** The type that a data URI says. */
  static String mediaType(String dataUri) {
    return canonical(dataUri.substring("data:".length(), dataUri.indexOf(';')));
  }

  private static String canonical(String type) {
    String lower = type.toLowerCase(java.util.Locale.ROOT);
    return lower.equals("image/jpg") ? JPEG : lower;
  }

  /** The type of a file, by how it begins. */
  static String mediaType(byte[] file) {
    checkSize(file.length);
    if (begins(file, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n')) {
      return PNG;
    }
    if (begins(file, 0xFF, 0xD8, 0xFF)) {
      return JPEG;
    }
    throw wrong("is neither PNG nor JPEG, LM Studio takes nothing else");
  }

  static void checkSize(long bytes) {
    if (bytes > MAX_BYTES) {
      throw wrong("has " + bytes + " bytes, allowed are " + MAX_BYTES);
    }
  }

  private static ValidationException wrong(String reason) {
    return new ValidationException(
        "image: " + reason, CONVERT_IT, List.of(new ValidationException.Fault("image", reason)));
  }

  private static boolean begins(byte[] file, int... with) {
    for (int i = 0; i < with.length; i++) {
      if (i == file.length || (file[i] & 0xFF) != with[i]) {
        return false;
      }
    }
    return true;
  }

  /** Looked at, not decoded: it may be megabytes. Padding may be left out. */
  private static boolean isBase64(String text, int from) {
    int end = text.length();
    while (end > from && end > text.length() - 2 && text.charAt(end - 1) == '=') {
      end--;
    }
    int digits = end - from;
    boolean padded = end < text.length();
    boolean fits = padded ? (text.length() - from) % 4 == 0 : digits % 4 != 1;
    for (int i = from; fits && i < end; i++) {
      char c = text.charAt(i);
      fits =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '+'
              || c == '/';
    }
    return fits && digits > 0;
  }
}
