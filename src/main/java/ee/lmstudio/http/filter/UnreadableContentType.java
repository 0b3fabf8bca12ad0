package ee.lmstudio.http.filter;

import ee.lmstudio.http.RouteTable;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Replaces a {@code Content-Type} that cannot be read by the type of unknown bytes, so that the
 * resource refuses it with 415, after 404, 405 and 406. Jersey would answer 400 before it looks for
 * a resource.
 */
@WebFilter(
    filterName = "content-type",
    urlPatterns = {RouteTable.API_ROOT + "/*", RouteTable.OPENAI_ROOT + "/*"},
    dispatcherTypes = {DispatcherType.REQUEST, DispatcherType.ASYNC},
    asyncSupported = true)
public class UnreadableContentType extends HttpFilter {
  private static final long serialVersionUID = 1;

  /** RFC 9110, section 12.4.2. Jersey also reads it from a Content-Type, where it means nothing. */
  private static final Pattern QUALITY = Pattern.compile("0(\\.\\d{0,3})?|1(\\.0{0,3})?");

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    chain.doFilter(isReadable(request.getContentType()) ? request : new Unknown(request), response);
  }

  private static boolean isReadable(String type) {
    try {
      return type == null
          || QUALITY
              .matcher(MediaType.valueOf(type).getParameters().getOrDefault("q", "1"))
              .matches();
    } catch (IllegalArgumentException unreadable) {
      return false;
    }
  }

  private static final class Unknown extends HttpServletRequestWrapper {
    Unknown(HttpServletRequest request) {
      super(request);
    }

    @Override
    public String getContentType() {
      return MediaType.APPLICATION_OCTET_STREAM;
    }

    @Override
    public String getHeader(String name) {
      return HttpHeaders.CONTENT_TYPE.equalsIgnoreCase(name)
          ? getContentType()
          : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return HttpHeaders.CONTENT_TYPE.equalsIgnoreCase(name)
          ? Collections.enumeration(List.of(getContentType()))
          : super.getHeaders(name);
    }
  }
}
