package ee.lmstudio.sdk.internal.net;

import ee.lmstudio.sdk.error.HostNotAllowedException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Holds the hosts that the SDK may call, which protects against server-side request forgery.
 *
 * <p>A rule is {@code host}, {@code host:port} or a CIDR block. A name passes if a rule names it,
 * or if rules allow every address behind it; {@code localhost} as a rule allows every name and
 * address of this machine. Link-local, metadata and unspecified addresses pass under no rule.
 *
 * <p>Call {@link #check} with the base URL when the settings are read, and {@link #resolve} for
 * each connection: it returns exactly the addresses that it has checked, so that a name cannot
 * resolve to another address in between. Immutable and thread-safe.
 */
public final class AllowedHosts {

  /** Looks up all addresses of a name. */
  @FunctionalInterface
  public interface Lookup {
    InetAddress[] addressesOf(String name) throws UnknownHostException;
  }

  private final List<String> texts;
  private final List<HostRule> rules;
  private final Lookup lookup;

  private AllowedHosts(List<String> texts, List<HostRule> rules, Lookup lookup) {
    this.texts = List.copyOf(texts);
    this.rules = List.copyOf(rules);
    this.lookup = lookup;
  }

  /**
   * Parses the rules. An empty list allows nothing.
   *
   * @throws IllegalArgumentException if a rule is invalid; the message names the rule and says what
   *     is allowed
   */
  public static AllowedHosts parse(List<String> rules) {
    return parse(rules, InetAddress::getAllByName);
  }

  /** Parses the rules with another lookup of names. */
  public static AllowedHosts parse(List<String> texts, Lookup lookup) {
    List<HostRule> rules = new ArrayList<>();
    for (String text : texts) {
      try {
        rules.add(HostRule.parse(text.strip()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "'" + text + "' is not a host, host:port or CIDR block: " + e.getMessage(), e);
      }
    }
    return new AllowedHosts(texts, rules, lookup);
  }

  /**
   * Checks that {@code url} may be called. Looks the name up only if no rule names it.
   *
   * @throws HostNotAllowedException if the URL may not be called; the hint has the setting that
   *     would allow it
   */
  public void check(URI url) {
    Host host = hostOf(url);
    int port = portOf(url);
    Predicate<HostRule> onPort = rule -> rule.allowsPort(port);
    switch (host) {
      case Host.Address address -> checkAll(host, port, onPort, address.value());
      case Host.Name name -> {
        if (rules.stream().filter(onPort).noneMatch(rule -> rule.allows(name))) {
          checkAll(host, port, onPort, lookUpOrRefuse(name, port));
        }
      }
    }
  }

  /**
   * Returns the addresses of {@code host}, all of which are allowed. Used by connectors, whose
   * resolver does not know the port; {@link #check} has already checked it.
   *
   * @throws HostNotAllowedException if one address is not allowed
   * @throws UnknownHostException if the name has no address
   */
  public InetAddress[] resolve(String host) throws UnknownHostException {
    Host parsed = parseHost(host);
    InetAddress[] addresses =
        switch (parsed) {
          case Host.Address address -> new InetAddress[] {address.value()};
          case Host.Name name -> lookup.addressesOf(name.text());
        };
    checkAll(parsed, 0, rule -> true, addresses);
    return addresses;
  }

  private void checkAll(Host host, int port, Predicate<HostRule> on, InetAddress... addresses) {
    boolean named =
        host instanceof Host.Name name
            && rules.stream().filter(on).anyMatch(rule -> rule.allows(name));
    for (InetAddress address : addresses) {
      Optional<String> forbidden = ForbiddenAddresses.reason(address);
      if (forbidden.isPresent()) {
        throw forbidden(host, address, forbidden.get());
      }
      if (host instanceof Host.Name name
          && HostRule.meansLoopback(name)
          && !address.isLoopbackAddress()) {
        throw forbidden(host, address, "not an address of this machine");
      }
      if (!named && rules.stream().filter(on).noneMatch(rule -> rule.allows(address))) {
        throw notListed(host, port, address, null);
      }
    }
  }

  private InetAddress[] lookUpOrRefuse(Host.Name name, int port) {
    try {
      return lookup.addressesOf(name.text());
    } catch (UnknownHostException e) {
      throw notListed(name, port, null, e);
    }
  }

  private HostNotAllowedException notListed(
      Host host, int port, InetAddress address, Throwable cause) {
    String leadsTo =
        address != null && host instanceof Host.Name
            ? " (it leads to " + address.getHostAddress() + ")"
            : "";
    String entry = host.toString();
    if (port > 0) {
      entry = (entry.indexOf(':') < 0 ? entry : "[" + entry + "]") + ":" + port;
    }
    List<String> line = new ArrayList<>(texts);
    line.add(entry);
    return new HostNotAllowedException(
        "The host '" + entry + "' is not allowed" + leadsTo,
        "If this is your LM Studio, allow it: `allowedHosts(List.of(\"%s\"))`"
            .formatted(String.join("\", \"", line)),
        cause);
  }

  private static HostNotAllowedException forbidden(Host host, InetAddress address, String reason) {
    return new HostNotAllowedException(
        "The host '" + host + "' is never allowed: " + address.getHostAddress() + " is " + reason,
        "No setting allows this address. Use the address under which LM Studio listens.",
        null);
  }

  private static Host hostOf(URI url) {
    if (url.getRawUserInfo() != null) {
      throw unclear("an address with a user before '@' is not accepted");
    }
    if (url.getHost() == null) {
      String authority = url.getRawAuthority();
      throw unclear(
          authority == null || authority.indexOf('@') >= 0
              ? "the address has no unambiguous host"
              : "'" + authority + "' is not an unambiguous host");
    }
    return parseHost(url.getHost());
  }

  private static Host parseHost(String text) {
    try {
      return Host.parse(text);
    } catch (IllegalArgumentException e) {
      throw unclear(e.getMessage());
    }
  }

  private static HostNotAllowedException unclear(String reason) {
    return new HostNotAllowedException(
        "The address of LM Studio is not allowed: " + reason,
        "Write the host as a plain name (xn--… for other scripts), as four decimal numbers, or as"
            + " an IPv6 address in brackets without a zone.",
        null);
  }

  /** Returns the port of an address, which its scheme decides if it names none. */
  public static int portOf(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
  }

  /** Returns the rules as they were given. */
  @Override
  public String toString() {
    return String.join(",", texts);
  }
}
