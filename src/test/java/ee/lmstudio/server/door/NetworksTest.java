package ee.lmstudio.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class NetworksTest {
  private static final String ADDRESS = "203.0.113.7";

  private final Networks networks = new Networks();

  @Test
  void networkWithManyConnections_isCrowdedUntilTheyAreClosed() throws Exception {
    Networks.Network network = open(ADDRESS, Networks.CROWD);
    assertThat(network.isCrowded()).as("as many as it may have").isFalse();

    open(ADDRESS, 1);
    assertThat(network.isCrowded()).isTrue();
    assertThat(open("203.0.113.8", 1).isCrowded()).as("another network").isFalse();

    networks.closed(network);
    pass(1);
    assertThat(network.isCrowded()).isFalse();
  }

  @Test
  void networkThatOpensAndClosesConnections_isCrowdedUntilItStops() throws Exception {
    Networks.Network network = null;
    for (int i = 0; i <= 2 * Networks.CROWD; i++) {
      network = open(ADDRESS, 1);
      networks.closed(network);
    }
    assertThat(network.isCrowded()).isTrue();
    pass(1);
    assertThat(network.isCrowded()).isFalse();
  }

  @Test
  void networkThatWasRefused_isCrowdedForOneToTwoSeconds() throws Exception {
    Networks.Network network = open(ADDRESS, 1);
    for (int i = 0; i < 1_000; i++) {
      networks.refused(network);
    }
    pass(1);
    assertThat(network.isCrowded()).isTrue();
    pass(1);
    assertThat(network.isCrowded()).isFalse();
  }

  @Test
  void networkWithoutConnections_isForgottenWhenNothingHappenedLately() throws Exception {
    Networks.Network network = open(ADDRESS, 4);
    networks.refused(network);
    for (int i = 0; i < 4; i++) {
      networks.closed(network);
    }
    assertThat(networks.size()).as("what happened lately counts").isEqualTo(1);
    pass(3);
    assertThat(networks.size()).isZero();
    networks.refused(network);
    assertThat(networks.size()).as("a late refusal").isZero();
  }

  @Test
  void addressesOfOneIpv6Network_areOneNetwork() throws Exception {
    open("2001:db8::1", 1);
    assertThat(open("2001:db8::2", 1).open()).isEqualTo(2);
    assertThat(open("2001:db8:0:1::1", 1).open()).isEqualTo(1);
  }

  private Networks.Network open(String address, int connections) throws UnknownHostException {
    Networks.Network network = null;
    for (int i = 0; i < connections; i++) {
      network = networks.opened(InetAddress.getByName(address));
    }
    return network;
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      networks.secondPassed();
    }
  }
}
