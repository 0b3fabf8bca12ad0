package ee.lmstudio.sdk.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.error.HostNotAllowedException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

  private static final Map<String, List<String>> NAMES =
      Map.ofEntries(
          Map.entry("localhost", List.of("127.0.0.1", "::1")),
          Map.entry("my-laptop", List.of("127.0.1.1")),
          Map.entry("gpu-box", List.of("192.168.1.20")),
          Map.entry("two-faced", List.of("192.168.1.20", "10.0.0.5")),
          Map.entry("rebound", List.of("192.168.1.20", "169.254.169.254")),
          Map.entry("mapped", List.of("::ffff:169.254.169.254")),
          Map.entry("nat64", List.of("64:ff9b::a9fe:a9fe")),
          Map.entry("xn--bcher-kva.example", List.of("192.168.1.21")));

  private static AllowedHosts rules(String... rules) {
    return AllowedHosts.parse(List.of(rules), AllowedHostsTest::lookUp);
  }

  private static InetAddress[] lookUp(String name) throws UnknownHostException {
    List<InetAddress> found = new ArrayList<>();
    for (String text : NAMES.getOrDefault(name, List.of())) {
      found.add(InetAddress.getByName(text));
    }
    if (found.isEmpty()) {
      throw new UnknownHostException(name);
    }
    return found.toArray(InetAddress[]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, http://localhost:1234",
    "localhost, http://LOCALHOST.:1234",
    "localhost, http://127.0.0.1:1234",
    "localhost, http://127.0.0.2:1234",
    "localhost, http://[::1]:1234",
    "localhost, http://[::ffff:7f00:1]:1234",
    "localhost, http://my-laptop:1234",
    "127.0.0.1, http://127.0.0.1",
    "GPU-Box, http://gpu-box:1234",
    "gpu-box., http://gpu-box:1234",
    "gpu-box:1234, http://gpu-box:1234",
    "gpu-box:80, http://gpu-box",
    "gpu-box:443, https://gpu-box",
    "unknown.example, http://unknown.example",
    "192.168.0.0/16, http://192.168.1.20",
    "192.168.0.0/16, http://gpu-box",
    "192.168.1.20/31, http://192.168.1.21",
    "fd12::/16, http://[fd12::5]:1234",
    "[fd12::5]:1234, http://[fd12::5]:1234",
    "fd12::5, http://[fd12:0:0::5]:1234",
    "0.0.0.0/0, http://8.8.8.8",
    "b\u00fccher.example, http://xn--bcher-kva.example",
  })
  void listed_passes(String rule, String url) {
    assertThatCode(() -> rules(rule).check(URI.create(url))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, http://gpu-box:1234",
    "localhost, http://192.168.1.20:1234",
    "localhost, http://localhost.evil.example",
    "127.0.0.1, http://127.0.0.2",
    "gpu-box:1234, http://gpu-box:1235",
    "gpu-box:1234, https://gpu-box",
    "192.168.0.0/16, http://two-faced",
    "192.168.0.0/16, http://192.169.0.1",
    "192.168.1.20/31, http://192.168.1.22",
    "192.168.0.0/16, http://nowhere.example",
    "192.168.0.0/16, http://[fd12::5]",
    "fd12::/16, http://[fd13::5]",
    "example, http://sub.example",
  })
  void notListed_isRefusedWithLine(String rule, String url) {
    var refused =
        catchThrowableOfType(
            HostNotAllowedException.class, () -> rules(rule).check(URI.create(url)));
    assertThat(refused.hint()).contains("`allowedHosts(List.of(\"" + rule + "\", \"");
  }

  @Test
  void lineOfHint_allowsTheAddress() {
    AllowedHosts loopback = AllowedHosts.parse(LmStudioSettings.LOOPBACK_HOSTS);
    for (String url : List.of("http://8.8.8.8", "https://[2001:db8::1]/", "http://10.0.0.9:1234")) {
      var refused =
          catchThrowableOfType(
              HostNotAllowedException.class, () -> loopback.check(URI.create(url)));
      String call = refused.hint().replaceAll(".*List\\.of\\(|\\)\\)`|\"", "");
      assertThat(call).startsWith("localhost, 127.0.0.1, ::1, ");
      assertThatCode(() -> rules(call.split(", ")).check(URI.create(url)))
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest",
        "http://169.254.0.1",
        "http://[fe80::1]",
        "http://[febf::1]",
        "http://[::ffff:169.254.169.254]",
        "http://[::ffff:a9fe:a9fe]",
        "http://[::a9fe:a9fe]",
        "http://[64:ff9b::169.254.169.254]",
        "http://[2002:a9fe:a9fe::1]",
        "http://[fd00:ec2::254]",
        "http://[fd20:ce::254]",
        "http://100.100.100.200",
        "http://168.63.129.16",
        "http://192.0.0.192",
        "http://0.0.0.0:1234",
        "http://[::]:1234",
        "http://224.0.0.1",
        "http://255.255.255.255",
        "http://rebound",
        "http://mapped",
        "http://nat64",
      })
  void forbidden_isRefusedWhateverTheList(String url) {
    AllowedHosts all = rules("0.0.0.0/0", "::/0", "169.254.0.0/16", "fe80::/10");
    assertThatThrownBy(() -> all.check(URI.create(url)))
        .isInstanceOf(HostNotAllowedException.class)
        .hasMessageContaining("never allowed")
        .extracting(e -> ((HostNotAllowedException) e).hint())
        .asString()
        .doesNotContain("LM_STUDIO_ALLOWED_HOSTS");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.1:1234",
        "http://0177.0.0.1:1234",
        "http://127.0.0.01",
        "http://2130706433",
        "http://0x7f.1",
        "http://0x7f000001",
        "http://127.0.0.1.1",
        "http://256.0.0.1",
        "http://localhost@gpu-box",
        "http://user:pass@localhost",
        "http://[fe80::1%25eth0]",
        "http://[::1%25lo]",
        "http://local_host..",
        "http://\u24dbocalhost",
        "http://\uff11\uff12\uff17.0.0.1",
        "http://loc\u0430lhost",
        "http:localhost",
      })
  void trickySpelling_isRefused(String url) {
    assertThatThrownBy(() -> rules("localhost", "0.0.0.0/0", "::/0").check(URI.create(url)))
        .isInstanceOf(HostNotAllowedException.class)
        .hasMessageNotContaining("pass@");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.1",
        "0177.0.0.1",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "1.2.3.4.5",
        "127.0.0.1%lo",
        "::1%lo",
        "::ffff:0177.0.0.1",
        "\uff11\uff12\uff17.0.0.1",
        "",
        ".",
        "a..b",
        "a b",
        "-a",
        "localhost\u0000",
      })
  void trickySpelling_isNeverLookedUp(String host) {
    AllowedHosts strict =
        AllowedHosts.parse(
            List.of("localhost", "0.0.0.0/0"),
            name -> {
              throw new AssertionError("looked up " + name);
            });
    assertThatThrownBy(() -> strict.resolve(host)).isInstanceOf(HostNotAllowedException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://gpu-box",
        "gpu-box:0",
        "gpu-box:70000",
        "127.1",
        "10.0.0.0/33",
        "fd00::/129",
        "gpu-box/8",
        "10.0.0.0/x",
        "fe80::1%eth0",
        "stra\u00dfe.example",
        "*.example",
        "[::1]:1:2",
      })
  void wrongRule_isRefusedAndNamed(String rule) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rules("localhost", rule))
        .withMessageContaining("'" + rule + "' is not a host, host:port or CIDR block");
  }

  @Test
  void resolve_givesCheckedAddresses() throws UnknownHostException {
    assertThat(rules("gpu-box:1234").resolve("gpu-box"))
        .extracting(InetAddress::getHostAddress)
        .containsExactly("192.168.1.20");
    assertThat(rules("localhost").resolve("[::1]")).hasSize(1);
    assertThat(rules("localhost").resolve("localhost")).hasSize(2);
  }

  @Test
  void resolve_refusesNamedHostThatLeadsToMetadata() {
    assertThatThrownBy(() -> rules("rebound").resolve("rebound"))
        .isInstanceOf(HostNotAllowedException.class)
        .hasMessageContaining("169.254.169.254 is link-local");
  }

  @Test
  void resolve_refusesLocalhostThatLeavesTheMachine() {
    AllowedHosts poisoned =
        AllowedHosts.parse(List.of("localhost", "192.168.0.0/16"), name -> lookUp("gpu-box"));
    assertThatThrownBy(() -> poisoned.resolve("localhost"))
        .isInstanceOf(HostNotAllowedException.class)
        .hasMessageContaining("not an address of this machine");
  }

  @Test
  void resolve_ofUnknownNamePassesTheCause() {
    assertThatThrownBy(() -> rules("nowhere.example").resolve("nowhere.example"))
        .isInstanceOf(UnknownHostException.class);
  }

  @Test
  void emptyList_allowsNothing() {
    assertThatThrownBy(() -> rules().check(URI.create("http://127.0.0.1")))
        .isInstanceOf(HostNotAllowedException.class);
  }
}
