package ee.lmstudio.http.request;

import ee.lmstudio.http.error.ApiException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.List;

/**
 * Says which of the two answer formats a client accepts.
 *
 * @param json quality of JSON, 0 to 1; 0 if the client does not accept JSON
 * @param events quality of an event stream, 0 to 1
 * @param unsaid whether the server may choose, because the header is missing or accepts any type
 */
public record AcceptHeader(double json, double events, boolean unsaid) {
  /** Returns what the headers of a request accept. */
  public static AcceptHeader of(HttpHeaders headers) {
    List<MediaType> types = headers.getAcceptableMediaTypes();
    return new AcceptHeader(
        quality(types, MediaType.APPLICATION_JSON_TYPE),
        quality(types, MediaType.SERVER_SENT_EVENTS_TYPE),
        types.stream().allMatch(MediaType::isWildcardType));
  }

  /** Refuses the request if the client does not accept JSON, the only format of the answer. */
  public static void requireJson(HttpHeaders headers) {
    if (of(headers).json() <= 0) {
      throw ApiException.notAcceptable("application/json");
    }
  }

  /** Returns the quality that the most specific range containing {@code wanted} assigns. */
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

  /** Returns whether the client accepts neither format. */
  public boolean nothing() {
    return json <= 0 && events <= 0;
  }

  /** Returns whether to answer with an event stream; {@code byDefault} if the server may choose. */
  public boolean wantsEvents(boolean byDefault) {
    return unsaid ? byDefault : events > 0 && (byDefault ? events >= json : events > json);
  }
}
