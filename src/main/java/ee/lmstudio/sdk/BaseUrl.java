package ee.lmstudio.sdk;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;

/** Brings the spellings people use for LM Studio's address to one. */
final class BaseUrl {
  private BaseUrl() {}

  /** Takes a trailing slash and {@code /v1} off: leaving {@code /v1} on is the top user slip. */
  static URI normalise(URI given) {
    String text = Objects.requireNonNull(given, "baseUrl").toString();
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    if (text.endsWith("/v1") && !text.endsWith("/api/v1")) {
      text = text.substring(0, text.length() - "/v1".length());
    }
    URI url = parse(text);
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    boolean port = url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= 65535);
    if (!http || url.getHost() == null || !port) {
      throw new IllegalArgumentException(
          "baseUrl is '"
              + withoutUser(given.toString())
              + "', allowed is http://host:port or https://host:port");
    }
    if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "baseUrl is '"
              + withoutUser(given.toString())
              + "', it must not have a user, a query or a fragment");
    }
    return url;
  }

  /**
   * The address as it is written, unlike {@link URI#create} without repeating a password in a
   * fault.
   */
  static URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "baseUrl is '" + withoutUser(text) + "', which is no address: " + e.getReason());
    }
  }

  /** User and query may hold a password: neither is repeated in a message. */
  private static String withoutUser(String given) {
    return given.replaceAll("//[^/@]*@", "//***@").replaceAll("[?#].*", "");
  }
}
