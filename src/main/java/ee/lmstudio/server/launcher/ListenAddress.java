package ee.lmstudio.server.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks before the start that the server can listen where it is told to. Payara Micro would report
 * it later, in the middle of stack traces.
 */
final class ListenAddress {
  private static final String PORT = "--port";
  private static final String CHOOSE_A_FREE_PORT = "--autoBindHttp";
  private static final String DEFAULT_PORT = "8080";

  /** Options, in lower case, with which Payara Micro does something else than listen. */
  private static final Set<String> STARTS_NO_SERVER =
      Set.of("--help", "--version", "--outputlauncher", "--outputuberjar");

  private ListenAddress() {}

  /**
   * Returns why the server cannot listen, or nothing if it can.
   *
   * @param address as the operator has set it
   * @param arguments options of Payara Micro
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
    return portProblem(host, arguments);
  }

  private static Optional<String> portProblem(InetAddress host, List<String> arguments) {
    if (arguments.stream().anyMatch(CHOOSE_A_FREE_PORT::equalsIgnoreCase)) {
      return Optional.empty();
    }
    String port = DEFAULT_PORT;
    for (int i = 0; i + 1 < arguments.size(); i++) {
      if (arguments.get(i).equalsIgnoreCase(PORT)) {
        port = arguments.get(i + 1);
      }
    }
    try {
      new ServerSocket(Integer.parseInt(port), 1, host).close();
      return Optional.empty();
    } catch (IllegalArgumentException notANumber) {
      return Optional.of(PORT + " is '" + port + "'. Allowed: a number from 0 to 65535.");
    } catch (IOException e) {
      String address = host.getHostAddress();
      return Optional.of(
          "cannot listen on port "
              + port
              + " of "
              + address
              + " ("
              + e.getMessage()
              + "). End the other process, or choose another port with --port.");
    }
  }
}
