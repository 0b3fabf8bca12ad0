package ee.lmstudio.simulator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers with the headers of Express, the web framework that LM Studio is built on. */
final class Express {
  private static final int ETAG_HASH_CHARACTERS = 27;

  private final SimulatedVersion version;

  Express(SimulatedVersion version) {
    this.version = version;
  }

  SimulatedVersion version() {
    return version;
  }

  /** Returns a JSON answer that is sent as a whole after {@code at}. */
  SimulatorReply json(int status, String json, Duration at) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return whole(status, "application/json; charset=utf-8", body, at);
  }

  /** Returns an answer of any type that is sent as a whole after {@code at}. */
  SimulatorReply whole(String contentType, byte[] body, Duration at) {
    return whole(200, contentType, body, at);
  }

  private SimulatorReply whole(int status, String contentType, byte[] body, Duration at) {
    Map<String, String> headers = headers(contentType);
    headers.put("Content-Length", Integer.toString(body.length));
    headers.put("ETag", etag(body));
    return new SimulatorReply(status, headers, at, false, List.of(new Frame(at, body)));
  }

  /** Returns an event stream. Its content type has no charset. */
  SimulatorReply events(Duration headAt, List<Frame> frames) {
    Map<String, String> headers = headers("text/event-stream");
    headers.put("Cache-Control", "no-cache");
    return new SimulatorReply(200, headers, headAt, true, frames);
  }

  private Map<String, String> headers(String contentType) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Powered-By", "Express");
    if (version.hasHealth()) {
      headers.put("x-lmstudio-version", version.toString());
    }
    headers.put("Content-Type", contentType);
    return headers;
  }

  /** Returns the ETag that Express computes from the length and the hash of the body. */
  static String etag(byte[] body) {
    String hash = Base64.getEncoder().encodeToString(sha1(body)).substring(0, ETAG_HASH_CHARACTERS);
    return "W/\"" + Integer.toHexString(body.length) + "-" + hash + "\"";
  }

  private static byte[] sha1(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-1", e);
    }
  }
}
