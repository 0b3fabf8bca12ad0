package ee.lmstudio.http.filter;

import ee.lmstudio.access.Identity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Keeps callers away from the API while the server warms itself. Pages and health checks are
 * answered meanwhile.
 */
@ApplicationScoped
public class ApiGate {
  /** The only caller who may use the API; empty if all may. */
  private volatile Optional<String> only = Optional.empty();

  /** Admits this caller only. */
  public void admitOnly(String caller) {
    only = Optional.of(caller);
  }

  /** Admits all callers again. */
  public void admitAll() {
    only = Optional.empty();
  }

  boolean admits(Identity identity) {
    return only.isEmpty()
        || identity instanceof Identity.ByToken byToken
            && only.get().equals(byToken.caller().name());
  }
}
