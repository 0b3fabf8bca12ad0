package ee.lmstudio.http.openai;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.util.Set;

/**
 * Lets JAX-RS handle every method that no resource has, such as {@code PROPFIND}, like {@code
 * PATCH}. {@link OpenAiRelays} answers that method with 404 for each path that does not exist,
 * which comes before 405.
 */
@PreMatching
public class UnknownMethods implements ContainerRequestFilter {
  private static final Set<String> KNOWN =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  @Override
  public void filter(ContainerRequestContext request) {
    if (!KNOWN.contains(request.getMethod())) {
      request.setMethod("PATCH");
    }
  }
}
