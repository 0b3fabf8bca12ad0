package ee.lmstudio.http.api;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Changes a request in one of many ways, as its source of random numbers says. */
final class RequestMutator {
  private static final List<String> METHODS =
      List.of("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "POST", "post", "X-Y");
  private static final List<String> HEADERS =
      List.of(
          "Content-Type",
          "Accept",
          "Idempotency-Key",
          "X-Orphan-Grace",
          "Last-Event-ID",
          "X-Request-Id",
          "Content-Encoding",
          "Accept-Encoding",
          "Accept-Language",
          "Expect",
          "anthropic-version",
          "Range",
          "If-None-Match",
          "X-HTTP-Method-Override",
          "Cookie",
          "Upgrade",
          "X-Forwarded-For",
          "Origin");
  private static final List<String> HEADER_VALUES =
      List.of(
          "",
          "a",
          "\"",
          "\t",
          ",",
          ";",
          "*/*",
          "*/*;q=0",
          "text/*",
          "application/json;q=x",
          "application/json;qs=x",
          "application/json;charset=x;a=\"\\\"\"",
          "*/*;q=1.0001",
          "text/event-stream;q=-1",
          "application/json;level=",
          "text/event-stream;q=0.1, application/json;q=0.2",
          "text/html",
          "application/json;",
          "application/json; charset=utf-16",
          "application/json;charset=\"",
          "application/x+json",
          "application/json, text/plain",
          "multipart/form-data",
          "text/event-stream",
          "application/x-www-form-urlencoded",
          "/",
          "a/",
          "gzip",
          "identity",
          "100-continue",
          "0",
          "-1",
          "1",
          "2",
          "1.5",
          "99999999999999999999",
          "1s",
          "0s",
          "10m",
          "11m",
          "1e9s",
          "PT1S",
          "P99999999999D",
          " 1s ",
          "key-1",
          "key-2",
          "k\u00e9y",
          "\u0001",
          "a b",
          "00000000-0000-0000-0000-000000000000",
          "../..",
          "%0d%0aX: y",
          "JSESSIONID=x",
          "h2c",
          "websocket",
          "bytes=0-1",
          "W/\"x\"",
          "GET",
          "null",
          "http://localhost",
          "x;a=b;a=c");
  private static final List<String> PIECES =
      List.of(
          "%2F",
          "%2f..%2f",
          "..",
          ".",
          "%2e%2e",
          "%2e",
          "..;",
          ";a=b",
          "//",
          "%",
          "%zz",
          "%00",
          "%C0%80",
          "%ff",
          "%20",
          "+",
          "%0a",
          "%25",
          "~",
          "STREAM",
          "resp_1",
          "models",
          "streams",
          "infer",
          "cancel",
          "\u00e4",
          "%F0%9F%98%80",
          "'",
          "$",
          "{id}",
          "*",
          ":",
          "@",
          "|",
          "[");
  private static final List<String> QUERIES =
      List.of(
          "cursor=0",
          "cursor=-1",
          "cursor=99999999999999999999",
          "cursor=a",
          "cursor=%",
          "cursor",
          "cursor=1&cursor=2",
          "all=true",
          "all=x",
          "limit=0",
          "limit=-1",
          "limit=2147483648",
          "limit=x",
          "limit=",
          "status=x",
          "status=loaded",
          "owned_by=%00",
          "owned_by=%ff",
          "&&",
          "=",
          "token=",
          "%zz=1",
          "a=%F0%9F%98%80",
          "stream=true",
          "?",
          "cursor=eyJhIjoxfQ",
          "\u00e4=\u00e4",
          "jsessionid=x");
  private static final byte[][] BAD_UTF_8 = {
    {(byte) 0xFF},
    {(byte) 0xC0, (byte) 0x80},
    {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
    {(byte) 0x80},
    {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    {(byte) 0xE2, (byte) 0x82},
    {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
    {0}
  };

  private final FuzzedRequest request;
  private final Random random;

  RequestMutator(FuzzedRequest request, Random random) {
    this.request = request;
    this.random = random;
  }

  void mutate() {
    int kind = random.nextInt(20);
    if (request.body.length > 0 && kind < 10) {
      new JsonMutation(random)
          .of(new String(request.body, UTF_8))
          .ifPresent(text -> request.body = text.getBytes(UTF_8));
    } else if (request.body.length > 0 && kind < 13) {
      changeBytes();
    } else if (kind < 16) {
      changeHeaders();
    } else if (kind < 18) {
      changeTarget();
    } else if (kind < 19) {
      changeFraming();
    } else {
      request.method = oneOf(METHODS);
    }
  }

  private void changeBytes() {
    byte[] body = request.body;
    int at = random.nextInt(body.length);
    int end = at + random.nextInt(body.length - at + 1);
    switch (random.nextInt(7)) {
      case 0 -> body[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> request.body = Arrays.copyOf(body, at);
      case 2 -> insert(at, BAD_UTF_8[random.nextInt(BAD_UTF_8.length)]);
      case 3 -> insert(0, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
      case 4 -> insert(at, Arrays.copyOfRange(body, at, end));
      case 5 -> request.body = new String(body, UTF_8).getBytes(UTF_16LE);
      default -> {
        byte[] some = new byte[1 + random.nextInt(8)];
        random.nextBytes(some);
        insert(random.nextBoolean() ? at : body.length, some);
      }
    }
  }

  private void insert(int at, byte[] bytes) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(request.body, 0, at);
    all.writeBytes(bytes);
    all.write(request.body, at, request.body.length - at);
    request.body = all.toByteArray();
  }

  private void changeHeaders() {
    if (random.nextInt(5) == 0 && !request.headers.isEmpty()) {
      request.headers.remove(random.nextInt(request.headers.size()));
      return;
    }
    String name = oneOf(HEADERS.subList(0, random.nextBoolean() ? 6 : HEADERS.size()));
    String value =
        random.nextInt(12) == 0 ? "v".repeat(1 << random.nextInt(13)) : oneOf(HEADER_VALUES);
    if (random.nextInt(4) > 0) {
      request.headers.removeIf(header -> header.getKey().equalsIgnoreCase(name));
    }
    request.headers.add(Map.entry(name, value));
  }

  private void changeTarget() {
    String target = request.target;
    int slash = target.lastIndexOf('/');
    String piece = random.nextInt(15) == 0 ? "i".repeat(1 << random.nextInt(13)) : oneOf(PIECES);
    request.target =
        switch (random.nextInt(5)) {
          case 0 -> target.substring(0, slash + 1) + piece;
          case 1 -> target + (random.nextBoolean() ? "/" : "") + piece;
          case 2 -> {
            int at = 1 + random.nextInt(target.length());
            yield target.substring(0, at) + piece + target.substring(at);
          }
          default -> target + (target.contains("?") ? "&" : "?") + oneOf(QUERIES);
        };
  }

  private void changeFraming() {
    request.chunked = random.nextBoolean();
    if (random.nextInt(3) > 0) {
      int[] errors = {-100, -2, -1, 1, 2, 100, 9_000_000};
      request.lengthError = errors[random.nextInt(errors.length)];
    }
  }

  private String oneOf(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
