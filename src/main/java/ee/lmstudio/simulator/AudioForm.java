package ee.lmstudio.simulator;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form with a recording ({@code multipart/form-data}).
 *
 * @param fields the fields by name; the recording is {@code file}, with each byte as one character
 */
record AudioForm(Map<String, String> fields) {
  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
  private static final Pattern NAME =
      Pattern.compile("(?i)content-disposition:.*?\\bname=\"([^\"]*)\"");

  /**
   * Reads the form.
   *
   * @throws Refusal if the body is not such a form, is cut off, or has no recording
   */
  static AudioForm of(SimulatorRequest request) {
    Matcher boundary = BOUNDARY.matcher(request.header("Content-Type").orElse(""));
    if (!boundary.find()) {
      throw Refusal.text(400, "Content-Type must be multipart/form-data");
    }
    String body = "\r\n" + new String(request.body(), StandardCharsets.ISO_8859_1);
    String line = "\r\n--" + boundary.group(1);
    if (!body.contains(line + "--")) {
      throw Refusal.text(400, "Unexpected end of form");
    }
    Map<String, String> fields = new HashMap<>();
    for (String part : body.substring(0, body.indexOf(line + "--")).split(Pattern.quote(line))) {
      int end = part.indexOf("\r\n\r\n");
      Matcher name = NAME.matcher(end < 0 ? "" : part.substring(0, end));
      if (name.find()) {
        fields.put(name.group(1), part.substring(end + 4));
      }
    }
    if (fields.getOrDefault("file", "").isEmpty()) {
      throw Refusal.text(400, "'file' field is required");
    }
    return new AudioForm(fields);
  }

  String format() {
    return fields.getOrDefault("response_format", "json");
  }
}
