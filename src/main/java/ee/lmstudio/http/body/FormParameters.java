package ee.lmstudio.http.body;

import ee.lmstudio.http.error.AccessErrors;
import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a query and of a form, with a limit for their number. */
final class FormParameters {
  /** The maximum number of parameters of one request. */
  static final int MAX = 100;

  private FormParameters() {}

  /**
   * Decodes parameters in the form {@code name=value&name=value}.
   *
   * @param query the query of the request; may be null
   * @param form the body of the request, as it arrived
   * @throws ApiException {@code malformed_request} if a parameter cannot be decoded, {@code
   *     payload_too_large} if there are too many
   */
  static Map<String, List<String>> of(String query, byte[] form) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    int count =
        add(query == null ? new byte[0] : query.getBytes(StandardCharsets.UTF_8), values, 0);
    add(form, values, count);
    values.replaceAll((name, list) -> Collections.unmodifiableList(list));
    return Collections.unmodifiableMap(values);
  }

  private static int add(byte[] text, Map<String, List<String>> values, int before) {
    int count = before;
    for (int from = 0; from < text.length; ) {
      int end = find('&', text, from, text.length);
      if (end > from) {
        count++;
        if (count > MAX) {
          throw tooMany();
        }
        int equals = find('=', text, from, end);
        String name = decode(text, from, equals);
        String value = equals == end ? "" : decode(text, equals + 1, end);
        values.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
      }
      from = end + 1;
    }
    return count;
  }

  private static int find(char wanted, byte[] text, int from, int end) {
    int at = from;
    while (at < end && text[at] != wanted) {
      at++;
    }
    return at;
  }

  private static String decode(byte[] text, int from, int end) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(end - from);
    for (int at = from; at < end; at++) {
      switch (text[at]) {
        case '+' -> plain.write(' ');
        case '%' -> {
          plain.write(escaped(text, at, end));
          at += 2;
        }
        default -> plain.write(text[at]);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(plain.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw malformed("A parameter of the request is not valid UTF-8.");
    }
  }

  private static int escaped(byte[] text, int at, int end) {
    if (at + 2 < end && HexFormat.isHexDigit(text[at + 1]) && HexFormat.isHexDigit(text[at + 2])) {
      return HexFormat.fromHexDigit(text[at + 1]) * 16 + HexFormat.fromHexDigit(text[at + 2]);
    }
    throw malformed("A parameter of the request has a percent sign without two hex digits.");
  }

  private static ApiException malformed(String what) {
    return new ApiException(AccessErrors.undecodable(what));
  }

  private static ApiException tooMany() {
    return new ApiException(
        ApiError.of(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "The request has more than " + MAX + " parameters.",
            "Send a shorter form."));
  }
}
