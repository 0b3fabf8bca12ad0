package ee.lmstudio.run;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.erdtman.jcs.NumberToJSON;

/**
 * Writes canonical JSON (RFC 8785) in pieces. The canonical text of a prompt can have megabytes, so
 * it is never in memory as a whole.
 */
final class CanonicalJson {
  /** Receives the next bytes of the text. The array is used again after the call. */
  @FunctionalInterface
  interface Out {
    void write(byte[] bytes, int from, int count);
  }

  private static final int PIECE = 8 << 10;

  /** Maximum number of bytes for one character. */
  private static final int CHARACTER = 6;

  private static final String SHORT_ESCAPES = "\b\t\n\f\r\"\\";
  private static final String SHORT_NAMES = "btnfr\"\\";
  private static final String HEX = "0123456789abcdef";

  private final Out out;
  private final byte[] piece = new byte[PIECE];
  private int length;

  private CanonicalJson(Out out) {
    this.out = out;
  }

  /** Writes {@code value} as UTF-8. */
  static void write(JsonValue value, Out out) {
    CanonicalJson json = new CanonicalJson(out);
    json.value(value);
    json.flush();
  }

  private void value(JsonValue value) {
    switch (value) {
      case JsonObject object -> object(object);
      case JsonArray array -> array(array);
      case JsonString text -> text(text.getString());
      case JsonNumber number -> ascii(number(number.doubleValue()));
      default -> ascii(value.toString());
    }
  }

  /** The names are sorted by their UTF-16 code units, as {@link String#compareTo} does. */
  private void object(JsonObject object) {
    String[] names = object.keySet().toArray(String[]::new);
    Arrays.sort(names);
    char before = '{';
    for (String name : names) {
      ascii(before);
      text(name);
      ascii(':');
      value(object.get(name));
      before = ',';
    }
    ascii(names.length == 0 ? "{}" : "}");
  }

  private void array(JsonArray array) {
    char before = '[';
    for (JsonValue value : array) {
      ascii(before);
      value(value);
      before = ',';
    }
    ascii(array.isEmpty() ? "[]" : "]");
  }

  private static String number(double number) {
    try {
      return NumberToJSON.serializeNumber(number);
    } catch (IOException notFinite) {
      throw new UncheckedIOException("Canonical JSON has no such number", notFinite);
    }
  }

  private void text(String text) {
    ascii('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        escape(c);
      } else if (c < 0x80) {
        ascii(c);
      } else if (c < 0x800) {
        room();
        piece[length++] = (byte) (0xC0 | c >> 6);
        tail(c);
      } else if (!Character.isSurrogate(c)) {
        room();
        piece[length++] = (byte) (0xE0 | c >> 12);
        tail(c >> 6);
        tail(c);
      } else if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        int whole = Character.toCodePoint(c, text.charAt(++i));
        room();
        piece[length++] = (byte) (0xF0 | whole >> 18);
        tail(whole >> 12);
        tail(whole >> 6);
        tail(whole);
      } else {
        // Half a pair has no UTF-8. Java writes a question mark in its place.
        ascii('?');
      }
    }
    ascii('"');
  }

  /** Adds a continuation byte of UTF-8 with the lowest six bits. */
  private void tail(int bits) {
    piece[length++] = (byte) (0x80 | bits & 0x3F);
  }

  private void escape(char c) {
    int at = SHORT_ESCAPES.indexOf(c);
    ascii('\\');
    if (at >= 0) {
      ascii(SHORT_NAMES.charAt(at));
    } else {
      ascii("u00");
      ascii(HEX.charAt(c >> 4));
      ascii(HEX.charAt(c & 0xF));
    }
  }

  private void ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      ascii(text.charAt(i));
    }
  }

  private void ascii(char c) {
    room();
    piece[length++] = (byte) c;
  }

  private void room() {
    if (length > PIECE - CHARACTER) {
      flush();
    }
  }

  private void flush() {
    out.write(piece, 0, length);
    length = 0;
  }
}
