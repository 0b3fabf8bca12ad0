package ee.lmstudio.access;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ErrorCode;
import ee.lmstudio.sdk.internal.net.CidrBlock;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Answers only under the names of this server. Without it a web site whose name is made to lead to
 * this machine (DNS rebinding) could talk to it as its own origin.
 */
final class HostCheck {
  private static final CidrBlock LOOPBACK = CidrBlock.parse("127.0.0.0/8");

  private HostCheck() {}

  /**
   * The error for a request under a foreign name; empty if the name is right.
   *
   * @param allowed names, lower case without port; empty: loopback names and the address called
   */
  static Optional<ApiError> refusal(HttpServletRequest request, List<String> allowed) {
    boolean several = Collections.list(request.getHeaders("Host")).size() > 1;
    HostHeader host = HostHeader.parse(several ? null : request.getHeader("Host"));
    // Both: a request line may name another host than the header.
    String target = HostHeader.normalise(request.getServerName());
    if (isAllowed(host.name(), request, allowed) && isAllowed(target, request, allowed)) {
      return Optional.empty();
    }
    return Optional.of(
        ApiError.of(
            ErrorCode.MISDIRECTED_REQUEST,
            "This server does not answer as '" + host.name() + "'.",
            "If this is its name, the operator allows it with"
                + " LM_STUDIO_ALLOWED_SERVER_NAMES="
                + host.name()
                + "."));
  }

  private static boolean isAllowed(String name, HttpServletRequest request, List<String> allowed) {
    if (!allowed.isEmpty()) {
      return allowed.contains(name);
    }
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("::1")
        || LOOPBACK.contains(name)
        || name.equals(HostHeader.normalise(request.getLocalAddr()));
  }
}
