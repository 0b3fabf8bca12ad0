package ee.lmstudio.sdk;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;

/** Normalises the ways in which people write LM Studio's address. */
final class BaseUrl {
  private BaseUrl() {}

  /**
   * Removes a trailing slash and {@code /v1}: the most common mistake is to leave {@code /v1} on.
   */
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
              + "'; it must be http://host:port or https://host:port");
    }
    if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "baseUrl is '"
              + withoutUser(given.toString())
              + "', which must not have a user, a query or a fragment");
    }
    return url;
  }

  /**
   * Parses an address. Unlike {@link URI#create}, the exception's message never repeats a password.
   */
  static URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "baseUrl is '" + withoutUser(text) + "', which is not an address: " + e.getReason());
    }
  }

  /** The user and the query may hold a password, so that no message repeats them. */
  private static String withoutUser(String given) {
    return given.replaceAll("//[^/@]*@", "//***@").replaceAll("[?#].*", "");
  }
}
