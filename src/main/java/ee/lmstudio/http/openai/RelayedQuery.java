package ee.lmstudio.http.openai;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ApiError.Detail;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorCode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks the query of a relayed request. The query reaches LM Studio as the client sent it, because
 * this server has no parameters of its own on these paths.
 */
final class RelayedQuery {
  /** Maximum number of characters. */
  static final int LONGEST = 4096;

  /** A percent-encoded byte that is not a control character. */
  private static final Pattern ENCODED = Pattern.compile("%(?!7[Ff])[2-9A-Fa-f][0-9A-Fa-f]");

  /** The characters that RFC 3986 allows in a query, and the brackets of {@code include[]}. */
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@/?\\[\\]-]*");

  /** The values of {@code stream} that do not ask for a stream. */
  private static final Set<String> NO = Set.of("", "0", "false");

  private RelayedQuery() {}

  /**
   * Returns the query of a request if it may be passed on.
   *
   * @param query the query as the client sent it, without the question mark; null if there is none
   * @return the same query; an empty text if there is none
   * @throws ApiException {@code malformed_request} if the query is too long, or has characters that
   *     are not allowed in a query
   */
  static String checked(String query) {
    if (query == null) {
      return "";
    }
    if (query.length() > LONGEST) {
      throw refused(
          "The query has %d characters (limit %d).".formatted(query.length(), LONGEST),
          "Send a shorter query.");
    }
    if (!ALLOWED.matcher(ENCODED.matcher(query).replaceAll("")).matches()) {
      throw refused(
          "The query has a character that RFC 3986 does not allow in a query, or an encoded control"
              + " character.",
          "Percent-encode every such character as UTF-8, and do not send control characters.");
    }
    return query;
  }

  private static ApiException refused(String message, String hint) {
    return new ApiException(ApiError.of(ErrorCode.MALFORMED_REQUEST, message, hint));
  }

  /**
   * Refuses a query that asks for a stored response as a stream.
   *
   * @throws ApiException {@code validation_failed}
   */
  static void requireNoStream(String checked) {
    for (String parameter : checked.split("&")) {
      String[] pair = parameter.split("=", 2);
      if (decoded(pair[0]).equals("stream")
          && (pair.length == 1 || !NO.contains(decoded(pair[1])))) {
        String reason = "cannot be used here; this server does not stream a stored response";
        throw new ApiException(
            ApiError.of(
                    ErrorCode.VALIDATION_FAILED,
                    "stream: " + reason,
                    "Read the response without stream. To resume a stream after a lost connection,"
                        + " start it with the header X-Orphan-Grace, and read /v1/streams/{id},"
                        + " where {id} is the X-Stream-Id of its answer.")
                .withDetails(List.of(new Detail("stream", reason))));
      }
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
