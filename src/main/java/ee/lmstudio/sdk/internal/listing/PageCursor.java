package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.error.ValidationException;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.ModelFilter;
import jakarta.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Holds the start of a page: a position in the whole list, or the cursor of a server that has pages
 * itself.
 *
 * @param position position in the list that the server sends
 * @param theirs the server's own cursor; empty for a cursor of the SDK
 */
record PageCursor(int position, Optional<String> theirs) {
  static final PageCursor START = new PageCursor(0, Optional.empty());

  private static final String OURS = "m[0-9]{1,9}";
  private static final String THEIRS = "s.{1,512}";

  /**
   * Parses a cursor that {@link #ours} or {@link #theirs(String)} created.
   *
   * @throws ValidationException if {@code text} is not such a cursor
   */
  static PageCursor parse(String text) {
    if (text.matches(OURS)) {
      return new PageCursor(Integer.parseInt(text.substring(1)), Optional.empty());
    }
    if (text.matches(THEIRS)) {
      return new PageCursor(0, Optional.of(text.substring(1)));
    }
    throw ValidationException.of(
        "cursor", "is not a cursor of this listing; use next_cursor of the previous page");
  }

  static String ours(int position) {
    return "m" + position;
  }

  static String theirs(String cursor) {
    return "s" + cursor;
  }

  /** Returns the server's cursor of the next page; empty if there is none. */
  static Optional<String> in(JsonObject listing) {
    return JsonText.string(listing, "next_cursor")
        .or(() -> JsonText.string(JsonText.object(listing, "metadata"), "next_cursor"))
        .filter(cursor -> theirs(cursor).matches(THEIRS));
  }

  /**
   * Returns the filter as a query, including the question mark; may be empty. A cursor of the SDK
   * is a position in the whole list, so that the limit is not sent with it.
   */
  String query(ModelFilter filter) {
    Map<String, String> fields = new TreeMap<>();
    filter.ownedBy().ifPresent(value -> fields.put("owned_by", value));
    filter.status().ifPresent(value -> fields.put("status", value));
    if (position == 0) {
      filter.limit().ifPresent(value -> fields.put("limit", Integer.toString(value)));
    }
    theirs.ifPresent(value -> fields.put("cursor", value));
    return fields.isEmpty()
        ? ""
        : fields.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
