package ee.lmstudio.server.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks before the start that the server can listen on its address and port. Payara Micro would
 * report a problem later, in the middle of stack traces.
 */
final class ListenAddress {
  private static final String PORT = "--port";
  private static final String CHOOSE_A_FREE_PORT = "--autoBindHttp";
  private static final String DEFAULT_PORT = "8080";

  /** The options of Payara Micro, in lower case, that start no server. */
  private static final Set<String> STARTS_NO_SERVER =
      Set.of("--help", "--version", "--outputlauncher", "--outputuberjar");

  private ListenAddress() {}

  /**
   * Returns why the server cannot listen; empty if it can.
   *
   * @param address the address that the operator has configured
   * @param arguments the options of Payara Micro
   */
  static Optional<String> problem(String address, List<String> arguments) {
    if (arguments.stream().map(String::toLowerCase).anyMatch(STARTS_NO_SERVER::contains)) {
      return Optional.empty();
    }
    InetAddress host;
    try {
      host = InetAddress.getByName(address);
      new ServerSocket(0, 1, host).close();
    } catch (IOException e) {
      return Optional.of(
          Serve.LISTEN_ADDRESS
              + " is '"
              + address
              + "'. Allowed: an IPv4 or IPv6 address of this machine.");
    }
    return portProblem(host, PORT, CHOOSE_A_FREE_PORT, Optional.of(DEFAULT_PORT), arguments)
        .or(() -> tlsPortProblem(host, arguments));
  }

  private static Optional<String> tlsPortProblem(InetAddress host, List<String> arguments) {
    return portProblem(
        host, OwnCertificate.PORT, OwnCertificate.CHOOSE_A_FREE_PORT, Optional.empty(), arguments);
  }

  /**
   * @param byDefault the port without this option; empty: none
   */
  private static Optional<String> portProblem(
      InetAddress host,
      String option,
      String chooseAFreePort,
      Optional<String> byDefault,
      List<String> arguments) {
    Optional<String> port = Options.value(arguments, option).or(() -> byDefault);
    if (port.isEmpty() || Options.has(arguments, chooseAFreePort)) {
      return Optional.empty();
    }
    try {
      new ServerSocket(Integer.parseInt(port.get()), 1, host).close();
      return Optional.empty();
    } catch (IllegalArgumentException notANumber) {
      return Optional.of(option + " is '" + port.get() + "'. Allowed: a number from 0 to 65535.");
    } catch (IOException e) {
      return Optional.of(
          "cannot listen on port "
              + port.get()
              + " of "
              + host.getHostAddress()
              + " ("
              + e.getMessage()
              + "). End the other process, or choose another port with "
              + option
              + ".");
    }
  }
}
