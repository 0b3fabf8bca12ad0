package ee.lmstudio.simulator.socket;

import ee.lmstudio.simulator.SimulatorRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads HTTP/1.1 requests from a stream and limits their sizes. Used by one thread. */
final class HttpReader {
  static final int MAX_HEAD_BYTES = 64 * 1024;
  static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

  /** Thrown if the request cannot be read; {@code status} is the answer. */
  static final class BadRequest extends IOException {
    private final int status;

    BadRequest(int status, String message) {
      super(message);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  private static final int MAX_DIGITS = 15;
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final InputStream in;
  private final OutputStream out;

  /**
   * @param out receives {@code 100 Continue} for a client that expects it
   */
  HttpReader(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /**
   * Reads the rest of a request whose first byte was already read.
   *
   * @throws BadRequest if it is malformed or too large
   */
  SimulatorRequest read(int firstByte) throws IOException {
    int[] headBudget = {MAX_HEAD_BYTES};
    String start = line(firstByte, headBudget);
    while (start.isEmpty()) { // Some clients send an empty line after a body.
      start = line(headBudget);
    }
    String[] parts = start.split(" ");
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.")) {
      throw new BadRequest(400, "Not a request line of HTTP/1.1");
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(headBudget); !line.isEmpty(); line = line(headBudget)) {
      int colon = line.indexOf(':');
      if (colon < 1 || !NAME.matcher(line.substring(0, colon)).matches()) {
        throw new BadRequest(400, "A header has no valid name");
      }
      headers.merge(
          line.substring(0, colon), line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
    }
    if (parts[2].equals("HTTP/1.0")) {
      headers.putIfAbsent("Connection", "close");
    }
    return new SimulatorRequest(parts[0], parts[1], headers, body(headers));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    String coding = headers.get("Transfer-Encoding");
    if (coding != null) {
      // Anything else could be read as two requests by one server and as one by another.
      if (!coding.equalsIgnoreCase("chunked") || headers.containsKey("Content-Length")) {
        throw new BadRequest(400, "Transfer-Encoding must be chunked, without Content-Length");
      }
      inviteBody(headers);
      return chunks();
    }
    long length = number(headers.getOrDefault("Content-Length", "0"), 10);
    requireSize(length);
    inviteBody(headers);
    return bytes(length, 0);
  }

  private void inviteBody(Map<String, String> headers) throws IOException {
    if ("100-continue".equalsIgnoreCase(headers.get("Expect"))) {
      out.write(CONTINUE);
      out.flush();
    }
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int[] lineBudget = {MAX_HEAD_BYTES};
    while (true) {
      long size = number(line(lineBudget).split(";")[0].strip(), 16);
      if (size == 0) {
        break;
      }
      body.writeBytes(bytes(size, body.size()));
      line(lineBudget);
      lineBudget[0] = MAX_HEAD_BYTES;
    }
    while (!line(lineBudget).isEmpty()) {
      // LM Studio ignores trailers.
    }
    return body.toByteArray();
  }

  private byte[] bytes(long length, long before) throws IOException {
    requireSize(length + before);
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new IOException("The client disconnected in the middle of a body");
    }
    return bytes;
  }

  private static void requireSize(long length) throws BadRequest {
    if (length > MAX_BODY_BYTES) {
      throw new BadRequest(413, "The body is larger than " + MAX_BODY_BYTES + " bytes");
    }
  }

  private String line(int[] budget) throws IOException {
    return line(in.read(), budget);
  }

  private String line(int first, int[] budget) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    for (int next = first; next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("The client disconnected in the middle of a request");
      }
      if (--budget[0] < 0) {
        throw new BadRequest(431, "The request head is larger than " + MAX_HEAD_BYTES + " bytes");
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  private static long number(String text, int radix) throws BadRequest {
    boolean digits = text.length() <= MAX_DIGITS && !text.isEmpty();
    if (!digits || text.chars().anyMatch(c -> Character.digit(c, radix) < 0 || c > 'z')) {
      throw new BadRequest(400, "Not a valid length: " + text);
    }
    return Long.parseLong(text, radix);
  }
}
