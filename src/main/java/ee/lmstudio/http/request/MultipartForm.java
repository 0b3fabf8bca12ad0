package ee.lmstudio.http.request;

import ee.lmstudio.http.body.BodyFile;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a form with files ({@code multipart/form-data}, RFC 7578) from an untrusted client. The
 * content of a part is not copied: a {@link Part} is a range of bytes of the form.
 */
public final class MultipartForm {
  /** Maximum number of parts. */
  static final int PARTS = 8;

  /** Maximum length of the headers of one part, in bytes. */
  static final int HEADER_BYTES = 4 * 1024;

  private static final int BUFFER = 64 * 1024;
  private static final Pattern BOUNDARY = Pattern.compile("[ -~]{0,69}[!-~]");
  private static final Pattern PARAMETER =
      Pattern.compile(
          ";\\s*+(name|filename)\\s*+=\\s*+"
              + "(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|([^;\\s\"]++))",
          Pattern.CASE_INSENSITIVE);

  /**
   * One part of a form.
   *
   * @param name the name of the field
   * @param fileName the name of the file; empty if the part is not a file
   * @param contentType the {@code Content-Type} of the part; empty if the part does not have one
   * @param from the position of the part's first byte in the form
   * @param length the number of bytes
   */
  public record Part(
      String name,
      Optional<String> fileName,
      Optional<String> contentType,
      long from,
      long length) {
    /** Returns the name and the length only, because names of files can be private. */
    @Override
    public String toString() {
      return "Part[" + name + ", " + length + " bytes]";
    }
  }

  private final byte[] delimiter;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int filled;
  private int at;

  /** The position of the next byte in the form. */
  private long position;

  private MultipartForm(InputStream in, String boundary) {
    this.in = in;
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Returns the parts of a form in their order.
   *
   * @param type the {@code Content-Type} of the request
   * @throws ApiException {@code malformed_request} if the type has no valid boundary, or the form
   *     has no end, more than {@link #PARTS} parts, headers that are too long, or a part without a
   *     name
   */
  public static List<Part> read(BodyFile body, MediaType type) {
    String boundary = boundary(type);
    try (InputStream in = body.open(0, body.length())) {
      return new MultipartForm(in, boundary).parts();
    } catch (IOException e) {
      throw BodyFile.unreadable(e);
    }
  }

  /**
   * Checks that the type of a request is that of a form with files.
   *
   * @param type the {@code Content-Type} of the request; null if it has none
   * @throws ApiException {@code unsupported_media_type}
   */
  public static void checkContentType(MediaType type) {
    boolean form =
        type != null
            && type.getType().equalsIgnoreCase("multipart")
            && type.getSubtype().equalsIgnoreCase("form-data");
    if (!form) {
      throw ApiException.unsupportedType(
          type == null ? null : type.getType() + "/" + type.getSubtype(), "multipart/form-data");
    }
  }

  private static String boundary(MediaType type) {
    String boundary = type.getParameters().getOrDefault("boundary", "");
    if (!BOUNDARY.matcher(boundary).matches()) {
      throw malformed("Its Content-Type has no boundary of 1 to 70 ASCII characters.");
    }
    return boundary;
  }

  private List<Part> parts() throws IOException {
    List<Part> parts = new ArrayList<>();
    findDelimiter();
    while (!isLast()) {
      if (parts.size() == PARTS) {
        throw malformed("It has more than " + PARTS + " parts.");
      }
      parts.add(part());
    }
    return parts;
  }

  private Part part() throws IOException {
    String name = null;
    Optional<String> fileName = Optional.empty();
    Optional<String> type = Optional.empty();
    int left = HEADER_BYTES;
    for (String line = line(left); !line.isEmpty(); line = line(left)) {
      left -= line.length();
      int colon = Math.max(0, line.indexOf(':'));
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
        case "content-disposition" -> {
          name = parameter(value, "name").orElse(null);
          fileName = parameter(value, "filename");
        }
        case "content-type" -> type = Optional.of(value);
        default -> {
          // RFC 7578 tells servers to ignore all other headers.
        }
      }
    }
    if (name == null) {
      throw malformed("A part has no name.");
    }
    long from = position;
    long end = findDelimiter();
    return new Part(name, fileName, type, from, Math.max(0, end - from));
  }

  private static Optional<String> parameter(String value, String wanted) {
    Matcher parameters = PARAMETER.matcher(value);
    while (parameters.find()) {
      if (parameters.group(1).equalsIgnoreCase(wanted)) {
        String quoted = parameters.group(2);
        return Optional.of(
            quoted == null
                ? parameters.group(3)
                : quoted.replaceAll("\\\\([\"\\\\])", "$1").replace("%22", "\""));
      }
    }
    return Optional.empty();
  }

  /**
   * Reads up to the end of the next delimiter, and returns the position where it begins. A
   * delimiter begins with a line end, which may be the one that was just read.
   */
  private long findDelimiter() throws IOException {
    int matched = 2;
    while (matched < delimiter.length) {
      int next = next();
      if (next == delimiter[matched]) {
        matched++;
      } else {
        // After its first byte, a delimiter has no carriage return. So the next delimiter cannot
        // have begun before this byte.
        matched = next == '\r' ? 1 : 0;
      }
    }
    return position - delimiter.length;
  }

  /** Reads the rest of a delimiter's line, and returns whether it ends the form. */
  private boolean isLast() throws IOException {
    int next = next();
    if (next == '-' && next() == '-') {
      return true;
    }
    while (next == ' ' || next == '\t') {
      next = next();
    }
    if (next != '\r' || next() != '\n') {
      throw malformed("Other text follows a boundary on the same line.");
    }
    return false;
  }

  /** Reads a line of at most {@code most} bytes, and returns it without its end. */
  private String line(int most) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = next(); next != '\r' || peek() != '\n'; next = next()) {
      if (line.size() >= most) {
        throw malformed("The headers of a part have more than " + HEADER_BYTES + " bytes.");
      }
      line.write(next);
    }
    next();
    return line.toString(StandardCharsets.UTF_8);
  }

  private int next() throws IOException {
    int next = peek();
    at++;
    position++;
    return next;
  }

  private int peek() throws IOException {
    if (at == filled) {
      filled = in.read(buffer);
      at = 0;
      if (filled <= 0) {
        throw malformed("It ends before its last boundary.");
      }
    }
    return buffer[at] & 0xFF;
  }

  /** Returns the exception for a request without a body. */
  public static ApiException missing() {
    return malformed("It is empty.");
  }

  private static ApiException malformed(String reason) {
    return new ApiException(
        ApiError.of(
            ErrorCode.MALFORMED_REQUEST,
            "The request body is not a valid form. " + reason,
            "Send multipart/form-data with at most "
                + PARTS
                + " parts, for example with curl's option -F."));
  }
}
