package ee.lmstudio.rest.infer;

import ee.lmstudio.envelope.ApiError;
import ee.lmstudio.envelope.ErrorCode;
import ee.lmstudio.rest.error.ApiException;
import jakarta.json.JsonException;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParserFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.NoSuchElementException;

/** Reads a JSON body that may be anything: bounded in size, depth and length of numbers. */
public final class JsonBodyReader {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_DIGITS = 1000;
  private static final JsonParserFactory PARSERS =
      JsonProvider.provider().createParserFactory(Map.of());

  private JsonBodyReader() {}

  /**
   * The body's one JSON value.
   *
   * @param limit most bytes
   * @throws ApiException {@code payload_too_large} or {@code malformed_json}
   */
  public static JsonValue read(InputStream body, int limit) throws IOException {
    byte[] bytes = body.readNBytes(limit);
    if (bytes.length == limit && body.read() >= 0) {
      throw new ApiException(
          ApiError.of(
              ErrorCode.PAYLOAD_TOO_LARGE,
              "The body is over " + limit + " bytes.",
              "Send less, or let the operator raise lm-studio.max-json-bytes."));
    }
    String text = decode(bytes);
    checkBounds(text);
    try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
      parser.next();
      JsonValue value = parser.getValue();
      // A reader would not look at what follows the value; asking for more does.
      if (!parser.hasNext()) {
        return value;
      }
    } catch (JsonException
        | IllegalStateException
        | NoSuchElementException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw ApiException.malformed("The body is no JSON.");
    }
    throw ApiException.malformed("The body is more than one JSON value.");
  }

  private static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw ApiException.malformed("The body is no UTF-8.");
    }
  }

  /** Looks at brackets and digits outside of texts, before a parser recurses or computes. */
  private static void checkBounds(String text) {
    int depth = 0;
    int digits = 0;
    boolean inText = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inText) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          inText = false;
        }
        continue;
      }
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (".eE+-".indexOf(c) < 0) {
        digits = 0;
      }
      switch (c) {
        case '"' -> inText = true;
        case '[', '{' -> depth++;
        case ']', '}' -> depth--;
        default -> {
          // Nothing else nests.
        }
      }
      if (depth > MAX_DEPTH) {
        throw ApiException.malformed("The body nests deeper than " + MAX_DEPTH + ".");
      }
      if (digits > MAX_DIGITS) {
        throw ApiException.malformed("The body has a number of over " + MAX_DIGITS + " digits.");
      }
    }
  }
}
