package ee.lmstudio.http.filter;

import ee.lmstudio.access.HostHeader;
import ee.lmstudio.sdk.internal.net.CidrBlock;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.List;

/**
 * Presents a request as the client sent it to the proxy in front of this server: address, scheme
 * and host come from {@code X-Forwarded-*}. If there are several values, the last one counts,
 * because the nearest proxy added it.
 */
final class ForwardedRequest extends HttpServletRequestWrapper {
  private final String clientAddress;
  private final boolean secure;
  private final HostHeader host;

  private ForwardedRequest(HttpServletRequest request, List<CidrBlock> proxies) {
    super(request);
    clientAddress = clientAddress(request, proxies);
    String proto = last(request, "X-Forwarded-Proto");
    secure = proto == null ? request.isSecure() : proto.equalsIgnoreCase("https");
    String forwarded = last(request, "X-Forwarded-Host");
    host = HostHeader.parse(forwarded == null ? request.getHeader("Host") : forwarded);
  }

  /**
   * Returns the request as the client sent it; unchanged if it does not come from a listed proxy.
   */
  static HttpServletRequest of(HttpServletRequest request, List<CidrBlock> proxies) {
    return isOneOf(proxies, request.getRemoteAddr())
        ? new ForwardedRequest(request, proxies)
        : request;
  }

  private static boolean isOneOf(List<CidrBlock> proxies, String address) {
    return proxies.stream().anyMatch(proxy -> proxy.contains(address));
  }

  /** Returns the first address, from the nearest proxy backwards, that is not a listed proxy. */
  private static String clientAddress(HttpServletRequest request, List<CidrBlock> proxies) {
    String nearest = request.getRemoteAddr();
    String[] hops = String.join(",", values(request, "X-Forwarded-For")).split(",");
    for (int i = hops.length - 1; i >= 0 && isOneOf(proxies, nearest); i--) {
      String hop = hops[i].strip();
      if (!isAddress(hop)) {
        break;
      }
      nearest = hop;
    }
    return nearest;
  }

  private static boolean isAddress(String text) {
    try {
      CidrBlock.parse(text);
      return text.indexOf('/') < 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String last(HttpServletRequest request, String header) {
    List<String> values = values(request, header);
    if (values.isEmpty()) {
      return null;
    }
    String line = values.get(values.size() - 1);
    return line.substring(line.lastIndexOf(',') + 1).strip();
  }

  private static List<String> values(HttpServletRequest request, String header) {
    return Collections.list(request.getHeaders(header));
  }

  @Override
  public String getRemoteAddr() {
    return clientAddress;
  }

  @Override
  public String getRemoteHost() {
    return clientAddress;
  }

  @Override
  public boolean isSecure() {
    return secure;
  }

  @Override
  public String getScheme() {
    return secure ? "https" : "http";
  }

  @Override
  public String getServerName() {
    return host.name();
  }

  @Override
  public int getServerPort() {
    return host.port().orElse(secure ? 443 : 80);
  }

  @Override
  public String getHeader(String name) {
    return "Host".equalsIgnoreCase(name) ? host.text() : super.getHeader(name);
  }

  @Override
  public StringBuffer getRequestURL() {
    return new StringBuffer(getScheme()).append("://").append(host.text()).append(getRequestURI());
  }
}
