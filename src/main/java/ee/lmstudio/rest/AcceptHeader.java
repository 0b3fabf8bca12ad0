package ee.lmstudio.rest;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;

/**
 * What a client accepts of the two forms in which streams are answered.
 *
 * @param json quality of JSON, 0 to 1; 0: not accepted
 * @param events quality of an event stream
 * @param unsaid whether the client leaves the choice to us: no header, or any type
 */
record AcceptHeader(double json, double events, boolean unsaid) {
  static AcceptHeader of(HttpHeaders headers) {
    double json = 0;
    double events = 0;
    boolean unsaid = true;
    for (MediaType type : headers.getAcceptableMediaTypes()) {
      double quality = quality(type);
      unsaid &= type.isWildcardType();
      if (type.isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
        json = Math.max(json, quality);
      }
      if (type.isCompatible(MediaType.SERVER_SENT_EVENTS_TYPE)) {
        events = Math.max(events, quality);
      }
    }
    return new AcceptHeader(json, events, unsaid);
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
