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
 * Where a page begins: at a position in the whole list, or where a server that has pages itself
 * says so.
 *
 * @param position in the list that the server sends
 * @param theirs the server's own cursor; empty for ours
 */
record PageCursor(int position, Optional<String> theirs) {
  static final PageCursor START = new PageCursor(0, Optional.empty());

  private static final String OURS = "m[0-9]{1,9}";
  private static final String THEIRS = "s.{1,512}";

  /**
   * Reads what {@link #ours} or {@link #theirs(String)} wrote.
   *
   * @throws ValidationException if it is neither
   */
  static PageCursor parse(String text) {
    if (text.matches(OURS)) {
      return new PageCursor(Integer.parseInt(text.substring(1)), Optional.empty());
    }
    if (text.matches(THEIRS)) {
      return new PageCursor(0, Optional.of(text.substring(1)));
    }
    throw ValidationException.of(
        "cursor", "is not a cursor of this listing; use next_cursor of the page before");
  }

  static String ours(int position) {
    return "m" + position;
  }

  static String theirs(String cursor) {
    return "s" + cursor;
  }

  /** The server's cursor to its next page; empty if it has none. */
  static Optional<String> in(JsonObject listing) {
    return JsonText.string(listing, "next_cursor")
        .or(() -> JsonText.string(JsonText.object(listing, "metadata"), "next_cursor"))
        .filter(cursor -> theirs(cursor).matches(THEIRS));
  }

  /**
   * The filter as a query, from its question mark on; empty if there is nothing to say. A position
   * of ours is in the whole list, so that no limit goes with it.
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
