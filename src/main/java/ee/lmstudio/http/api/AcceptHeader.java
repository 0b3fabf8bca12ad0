package ee.lmstudio.http.api;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.List;

/**
 * What a client accepts of the two forms in which streams are answered.
 *
 * @param json quality of JSON, 0 to 1; 0: not accepted
 * @param events quality of an event stream
 * @param unsaid whether the client leaves the choice to us: no header, or any type
 */
record AcceptHeader(double json, double events, boolean unsaid) {
  static AcceptHeader of(HttpHeaders headers) {
    List<MediaType> types = headers.getAcceptableMediaTypes();
    return new AcceptHeader(
        quality(types, MediaType.APPLICATION_JSON_TYPE),
        quality(types, MediaType.SERVER_SENT_EVENTS_TYPE),
        types.stream().allMatch(MediaType::isWildcardType));
  }

  /** What the most specific range that holds {@code wanted} gives it. */
  private static double quality(List<MediaType> ranges, MediaType wanted) {
    return ranges.stream()
        .filter(wanted::isCompatible)
        .max(
            Comparator.comparingInt(AcceptHeader::specificity)
                .thenComparingDouble(AcceptHeader::quality))
        .map(AcceptHeader::quality)
        .orElse(0.0);
  }

  private static int specificity(MediaType range) {
    return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
  }

  private static double quality(MediaType type) {
    try {
      return Double.parseDouble(type.getParameters().getOrDefault("q", "1"));
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  /** Whether neither form is accepted. */
  boolean nothing() {
    return json <= 0 && events <= 0;
  }

  /** Whether to answer with an event stream, where unsaid means {@code byDefault}. */
  boolean wantsEvents(boolean byDefault) {
    return unsaid ? byDefault : events > 0 && (byDefault ? events >= json : events > json);
  }
}
