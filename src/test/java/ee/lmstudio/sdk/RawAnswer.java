package ee.lmstudio.sdk;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A recorded stream as it is on the wire: head, then a chunk for each event, as LM Studio writes
 * them.
 */
final class RawAnswer {
  private static final byte[] HEAD =
      ("HTTP/1.1 200 OK\r\n"
              + "X-Powered-By: Express\r\n"
              + "Content-Type: text/event-stream\r\n"
              + "Cache-Control: no-cache\r\n"
              + "Connection: keep-alive\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n")
          .getBytes(ISO_8859_1);

  private static final int HEAD_STATUS = "HTTP/1.1 ".length();

  final RecordedStream stream;
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  /** For each byte on the wire how many of the body come before it. */
  private final List<Integer> bodyBefore = new ArrayList<>();

  /** Where on the wire the bytes are that are none of the body. */
  private final List<Integer> around = new ArrayList<>();

  private int body;

  RawAnswer(RecordedStream stream) {
    this.stream = stream;
    around(HEAD);
    for (String event : new String(stream.bytes(), ISO_8859_1).split("(?<=\n\n)")) {
      around((Integer.toHexString(event.length()) + "\r\n").getBytes(ISO_8859_1));
      for (byte one : event.getBytes(ISO_8859_1)) {
        bodyBefore.add(body++);
        wire.write(one);
      }
      around("\r\n".getBytes(ISO_8859_1));
    }
    around("0\r\n\r\n".getBytes(ISO_8859_1));
  }

  private void around(byte[] bytes) {
    for (byte one : bytes) {
      around.add(wire.size());
      bodyBefore.add(body);
      wire.write(one);
    }
  }

  byte[] bytes() {
    return wire.toByteArray();
  }

  /** The bytes of the head, and those that frame the chunks. */
  IntStream positions() {
    return around.stream().mapToInt(Integer::intValue);
  }

  static boolean inHead(int position) {
    return position < HEAD.length;
  }

  /** A status above all that HTTP knows is one of 5xx (RFC 9110, section 15). */
  static boolean saysServerError(byte[] wire) {
    byte firstDigit = wire[HEAD_STATUS];
    return firstDigit >= '5' && firstDigit <= '9';
  }

  /** What the body says that has come when so many bytes came. */
  Truth before(int position) {
    return Truth.of(Arrays.copyOf(stream.bytes(), bodyBefore.get(position)));
  }

  /** Whether the first piece of the answer has come by then. */
  boolean textBefore(int position) {
    return bodyBefore.get(position) >= stream.textFrom();
  }
}
