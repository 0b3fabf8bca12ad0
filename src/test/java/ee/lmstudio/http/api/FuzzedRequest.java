package ee.lmstudio.http.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import ee.lmstudio.server.PayaraServer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A request of Alice's that can be changed until it is sent, byte for byte. */
final class FuzzedRequest {
  /** In a target, this stands for the id of the stream that was started last. */
  static final String STREAM = "STREAM";

  private static final int SHOWN = 3_000;

  String method;
  String target;
  final List<Map.Entry<String, String>> headers = new ArrayList<>();
  byte[] body;
  boolean chunked;

  /** How many bytes the stated length of the body is away from the truth. */
  int lengthError;

  FuzzedRequest(String method, String target, String body) {
    this.method = method;
    this.target = target;
    this.body = body.getBytes(UTF_8);
    if (!body.isEmpty()) {
      headers.add(Map.entry("Content-Type", "application/json"));
    }
  }

  /** Returns request {@code index} of the sequence that {@code seed} begins. */
  static FuzzedRequest of(long seed, long index) {
    Random random = new Random(seed * 1_000_003 + index);
    for (int warm = 0; warm < 4; warm++) {
      random.nextLong(); // The first values of neighbouring seeds are alike.
    }
    FuzzedRequest request = RequestCorpus.choose(random);
    RequestMutator mutator = new RequestMutator(request, random);
    for (int mutations = 1 + random.nextInt(2) * random.nextInt(3); mutations > 0; mutations--) {
      mutator.mutate();
    }
    return request;
  }

  /** Returns the value of the header; empty unless the request has it exactly once. */
  String header(String name) {
    List<String> values =
        headers.stream()
            .filter(header -> header.getKey().equalsIgnoreCase(name))
            .map(Map.Entry::getValue)
            .toList();
    return values.size() == 1 ? values.get(0) : "";
  }

  /** Returns what is sent, with {@code stream} as the id of a stream. */
  byte[] bytes(String stream) {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target.replace(STREAM, stream)).append(" HTTP/1.1\r\n");
    head.append("Host: localhost\r\nConnection: close\r\n");
    head.append("Authorization: Bearer ").append(PayaraServer.ALICE).append("\r\n");
    headers.forEach(it -> head.append(it.getKey() + ": " + it.getValue() + "\r\n"));
    int length = Math.max(0, body.length + lengthError);
    if (chunked) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (length > 0 || method.equals("POST")) {
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
    if (chunked && body.length > 0) {
      bytes.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(ISO_8859_1));
    }
    bytes.writeBytes(body);
    if (chunked) {
      bytes.writeBytes(((body.length > 0 ? "\r\n" : "") + "0\r\n\r\n").getBytes(ISO_8859_1));
    }
    return bytes.toByteArray();
  }

  /** Returns the beginning of what was sent; bytes outside ASCII as {@code \xNN}. */
  static String shown(byte[] sent) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(sent.length, SHOWN); i++) {
      int value = sent[i] & 0xFF;
      boolean plain = value == '\n' || value >= ' ' && value < 0x7F;
      shown.append(plain ? "" + (char) value : "\\x%02x".formatted(value));
    }
    int more = sent.length - SHOWN;
    return shown.append(more > 0 ? "… and %d bytes more".formatted(more) : "").toString();
  }
}
