package ee.lmstudio.http.api;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
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
import java.util.HexFormat;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Reads a JSON body from an untrusted client, with limits for its size, its depth and the length of
 * numbers.
 */
public final class JsonBodyReader {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_DIGITS = 1000;
  private static final JsonParserFactory PARSERS =
      JsonProvider.provider().createParserFactory(Map.of());

  private JsonBodyReader() {}

  /**
   * Reads a body that consists of one JSON value.
   *
   * @param length size in bytes according to the headers; −1 if they do not state it
   * @param limit maximum size in bytes
   * @throws ApiException {@code payload_too_large}, {@code malformed_json} or {@code
   *     malformed_request}
   */
  public static JsonValue read(InputStream body, long length, int limit) {
    if (length > limit) {
      throw tooLarge(limit);
    }
    String text = decode(bytes(body, limit));
    checkBounds(text);
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
    return new ApiException(
        ApiError.of(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "The request body is larger than " + limit + " bytes.",
            "Send a smaller body, or ask the operator to raise lm-studio.max-json-bytes."));
  }

  private static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw ApiException.malformed("The request body is not valid UTF-8.");
    }
  }

  /** Returns the character that the numeric escape at {@code at} stands for. */
  private static char escaped(String text, int at) {
    if (!text.startsWith("\\u", at) || at + 6 > text.length()) {
      return ' ';
    }
    try {
      return (char) HexFormat.fromHexDigits(text, at + 2, at + 6);
    } catch (NumberFormatException notHex) {
      // The parser reports the invalid escape.
      return ' ';
    }
  }

  /**
   * Checks the depth and the length of numbers before the parser recurses or computes. Also refuses
   * half surrogate pairs in texts, which the hash and the model would treat as a question mark.
   */
  private static void checkBounds(String text) {
    int depth = 0;
    int digits = 0;
    boolean inText = false;
    boolean half = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inText) {
        char told = c == '\\' ? escaped(text, i) : c;
        if (half != Character.isLowSurrogate(told)) {
          throw ApiException.malformed("A text in the request body has half a surrogate pair.");
        }
        half = Character.isHighSurrogate(told);
        if (c == '\\') {
          i += text.startsWith("\\u", i) ? 5 : 1;
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
          // No other character changes the depth.
        }
      }
      if (depth > MAX_DEPTH) {
        throw ApiException.malformed(
            "The request body is nested deeper than " + MAX_DEPTH + " levels.");
      }
      if (digits > MAX_DIGITS) {
        throw ApiException.malformed(
            "The request body has a number with more than " + MAX_DIGITS + " digits.");
      }
    }
  }
}
