package ee.lmstudio.http.request;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.RouteTable;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import jakarta.json.JsonException;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Reads a JSON body from an untrusted client. The size of the body is limited, and {@link
 * JsonBounds} limits its shape.
 */
public final class JsonBodyReader {
  private static final JsonParserFactory PARSERS =
      JsonProvider.provider().createParserFactory(Map.of());

  private JsonBodyReader() {}

  /**
   * Reads the JSON body of a request.
   *
   * @throws ApiException {@code unsupported_media_type} if the headers name another type or a
   *     coding, or as {@link #read(InputStream, long, int)} says
   */
  public static JsonValue read(
      InputStream body, HttpHeaders headers, HttpServletRequest request, ServerSettings settings) {
    checkContentType(headers);
    return read(body, request.getContentLengthLong(), limit(request, settings));
  }

  private static void checkContentType(HttpHeaders headers) {
    MediaType type = headers.getMediaType();
    boolean json =
        type != null
            && type.getType().equalsIgnoreCase("application")
            && type.getSubtype().toLowerCase(Locale.ROOT).matches("json|.+\\+json");
    if (!json) {
      throw ApiException.unsupportedType(type, "application/json");
    }
    checkCoding(headers);
  }

  /**
   * Refuses a body with a coding.
   *
   * @throws ApiException {@code unsupported_media_type}
   */
  public static void checkCoding(HttpHeaders headers) {
    String coding = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING);
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new ApiException(
          ApiError.of(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              "The request body is compressed.",
              "Send the body uncompressed."));
    }
  }

  /**
   * Reads a body that consists of one JSON value.
   *
   * @param length size in bytes according to the headers; −1 if they do not state it
   * @param limit maximum size in bytes
   * @throws ApiException {@code payload_too_large}, {@code malformed_json}, {@code
   *     malformed_request}, or {@code validation_failed} if the body has too many values
   */
  public static JsonValue read(InputStream body, long length, int limit) {
    return parse(text(body, length, limit));
  }

  /**
   * The text of a body, and its parsed value.
   *
   * @param text the JSON
   */
  public record Body(String text, JsonValue json) {
    /** Returns nothing of the body, because it is private. */
    @Override
    public String toString() {
      return "Body";
    }
  }

  /**
   * Reads a body whose text is passed on. Also refuses a field that an object has twice, because
   * the receiver might take another of its values than this server.
   *
   * @throws ApiException {@code malformed_json} if an object has a field twice, or as {@link #read}
   */
  public static Body readToPassOn(
      InputStream body, HttpHeaders headers, HttpServletRequest request, ServerSettings settings) {
    checkContentType(headers);
    String text = text(body, request.getContentLengthLong(), limit(request, settings));
    JsonValue json = parse(text);
    if (hasFieldTwice(text)) {
      throw ApiException.malformed(
          "An object in the request body has two fields with the same name.");
    }
    return new Body(text, json);
  }

  /** Reads a valid text. Builds no second tree, because a body can be large. */
  private static boolean hasFieldTwice(String text) {
    Deque<Set<String>> objects = new ArrayDeque<>();
    try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
      while (parser.hasNext()) {
        switch (parser.next()) {
          case START_OBJECT -> objects.push(new HashSet<>());
          case END_OBJECT -> objects.pop();
          case KEY_NAME -> {
            if (!objects.element().add(parser.getString())) {
              return true;
            }
          }
          default -> {
            // A value has no name.
          }
        }
      }
    }
    return false;
  }

  private static int limit(HttpServletRequest request, ServerSettings settings) {
    return RouteTable.of(request).limits().body().bytes(settings);
  }

  private static String text(InputStream body, long length, int limit) {
    if (length > limit) {
      throw tooLarge(limit);
    }
    return decode(bytes(body, limit));
  }

  private static JsonValue parse(String text) {
    JsonBounds.check(text);
    try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
      parser.next();
      JsonValue value = parser.getValue();
      // The parser ignores text after the value unless it is asked for more.
      if (!parser.hasNext()) {
        return value;
      }
    } catch (JsonException
        | IllegalStateException
        | NoSuchElementException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw ApiException.malformed("The request body is not valid JSON.");
    }
    throw ApiException.malformed("The request body has more than one JSON value.");
  }

  private static byte[] bytes(InputStream body, int limit) {
    try {
      byte[] bytes = body.readNBytes(limit);
      if (bytes.length == limit && body.read() >= 0) {
        throw tooLarge(limit);
      }
      return bytes;
    } catch (IOException broken) {
      ApiException told =
          new ApiException(
              ApiError.of(
                  ErrorCode.MALFORMED_REQUEST,
                  "The request body does not match the headers, or did not arrive in time.",
                  "Send exactly as many bytes as Content-Length says, or all chunks including "
                      + "the last one."));
      told.addSuppressed(broken);
      throw told;
    }
  }

  private static ApiException tooLarge(int limit) {
    return ApiException.tooLarge(
        limit, "Send a smaller body, or ask the operator to raise lm-studio.max-json-bytes.");
  }

  /**
   * A strict decoder needs a buffer of twice the body. So it reads only a text that has U+FFFD, the
   * character that the lenient decoder puts in place of bytes that are not UTF-8.
   */
  private static String decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') >= 0) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      } catch (CharacterCodingException e) {
        throw ApiException.malformed("The request body is not valid UTF-8.");
      }
    }
    return text;
  }
}
