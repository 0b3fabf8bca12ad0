package ee.lmstudio.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnCertificateTest {
  private static final String FILE = "javax.net.ssl.keyStore";
  private static final String PASSWORD = "javax.net.ssl.keyStorePassword";

  @TempDir Path directory;

  @AfterEach
  void forget() {
    System.clearProperty(FILE);
    System.clearProperty(PASSWORD);
  }

  @Test
  void withoutTls_noCertificateIsNeeded() {
    assertThat(OwnCertificate.problem(List.of("--port", "8080"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--sslPort", "--autobindssl"})
  void publicKeyOfPayara_isRefused(String option) {
    assertThat(OwnCertificate.problem(List.of(option, "8443")))
        .contains(
            "--sslport needs a certificate of your own. Set -Djavax.net.ssl.keyStore=FILE and"
                + " -Djavax.net.ssl.keyStorePassword=PASSWORD, and name the entry with --sslcert.");
  }

  @Test
  void fileOrPasswordThatIsWrong_isNamedWithoutThePassword() throws Exception {
    Path file = keyStore();
    System.setProperty(FILE, file.toString());
    System.setProperty(PASSWORD, "canary");
    assertProblem("javax.net.ssl.keyStore is '" + file + "', which cannot be read (");
    System.setProperty(FILE, directory.resolve("absent").toString());
    assertProblem("javax.net.ssl.keyStore is '" + directory.resolve("absent"));
  }

  @Test
  void entryThatIsMissing_isNamed() throws Exception {
    Path file = keyStore();
    System.setProperty(FILE, file.toString());
    System.setProperty(PASSWORD, "right");
    assertProblem(
        "--sslcert is 'server'. Allowed: an entry of "
            + file
            + " that has a private key. Its entries are: ");
  }

  private static void assertProblem(String beginning) {
    List<String> arguments = List.of("--sslport", "8443", "--sslcert", "server");
    assertThat(OwnCertificate.problem(arguments))
        .hasValueSatisfying(
            problem -> assertThat(problem).startsWith(beginning).doesNotContain("canary"));
  }

  private Path keyStore() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    Path file = directory.resolve("server.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, "right".toCharArray());
    }
    return file;
  }
}
