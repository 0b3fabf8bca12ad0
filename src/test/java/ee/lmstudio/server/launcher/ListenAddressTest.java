package ee.lmstudio.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0", "::"})
  void addressOfThisMachine_isTaken(String address) {
    assertThat(ListenAddress.problem(address, List.of("--port", "0"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"203.0.113.1", "300.1.1.1", "127.0.0.1:80"})
  void otherAddress_isRefused(String address) {
    assertThat(ListenAddress.problem(address, List.of("--port", "0")))
        .contains(
            "lm-studio.listen-address is '"
                + address
                + "'. Allowed: an IPv4 or IPv6 address of this machine.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "70000", "-1"})
  void invalidPort_isRefused(String port) {
    assertThat(ListenAddress.problem("127.0.0.1", List.of("--port", port)))
        .contains("--port is '" + port + "'. Allowed: a number from 0 to 65535.");
  }

  @Test
  void portInUse_isRefusedUnlessAnotherMayBeChosen() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = "" + other.getLocalPort();
      assertThat(ListenAddress.problem("127.0.0.1", List.of("--PORT", port)))
          .hasValueSatisfying(
              problem ->
                  assertThat(problem)
                      .startsWith("cannot listen on port " + port + " of 127.0.0.1")
                      .endsWith("choose another port with --port."));
      assertThat(ListenAddress.problem("127.0.0.1", List.of("--port", port, "--autobindhttp")))
          .isEmpty();
    }
  }

  @Test
  void tlsPortInUse_isRefused() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = "" + other.getLocalPort();
      assertThat(ListenAddress.problem("127.0.0.1", List.of("--port", "0", "--sslport", port)))
          .hasValueSatisfying(
              problem ->
                  assertThat(problem)
                      .startsWith("cannot listen on port " + port + " of 127.0.0.1")
                      .endsWith("choose another port with --sslport."));
    }
  }

  /** {@code bin/serve} unpacks the bundle in this way, whatever else runs on this machine. */
  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "--outputLauncher", "--outputUberJar"})
  void portInUse_doesNotMatterWhereNoServerStarts(String option) throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      List<String> arguments = List.of("--port", "" + other.getLocalPort(), option);
      assertThat(ListenAddress.problem("127.0.0.1", arguments)).isEmpty();
    }
  }
}
