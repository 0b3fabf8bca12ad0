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
   * @param length that the headers state, in bytes; −1 if they do not
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
                  "The body did not come as the headers say, or not in time.",
                  "Send as many bytes as Content-Length says, or chunks to the last one."));
      told.addSuppressed(broken);
      throw told;
    }
  }

  private static ApiException tooLarge(int limit) {
    return new ApiException(
        ApiError.of(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "The body is over " + limit + " bytes.",
            "Send less, or let the operator raise lm-studio.max-json-bytes."));
  }

  private static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw ApiException.malformed("The body is no UTF-8.");
    }
  }

  /** The character that the escape at {@code at} stands for, if it is one by its number. */
  private static char escaped(String text, int at) {
    if (!text.startsWith("\\u", at) || at + 6 > text.length()) {
      return ' ';
    }
    try {
      return (char) HexFormat.fromHexDigits(text, at + 2, at + 6);
    } catch (NumberFormatException notHex) {
      // The parser will say so.
      return ' ';
    }
  }

  /**
   * Looks at brackets and digits outside of texts, before a parser recurses or computes; and for
   * half characters in texts, which no hash and no model could tell from a question mark.
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
          throw ApiException.malformed("A text of the body has half a surrogate pair.");
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
