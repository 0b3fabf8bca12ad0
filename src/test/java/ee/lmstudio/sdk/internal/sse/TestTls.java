package ee.lmstudio.sdk.internal.sse;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A TLS server identity made for this run with the JDK's own keytool. */
final class TestTls {
  private static final char[] PASSWORD = "for-tests".toCharArray();

  private TestTls() {}

  static SSLContext context() throws Exception {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(Holder.STORE, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static final class Holder {
    static final KeyStore STORE = create();

    private static KeyStore create() {
      try {
        Path folder = Files.createTempDirectory("lmstudio-tls");
        Path file = folder.resolve("server.p12");
        Process keytool =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-validity",
                    "2",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes());
        if (keytool.waitFor() != 0) {
          throw new IllegalStateException("keytool failed: " + output);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
          store.load(in, PASSWORD);
        }
        Files.delete(file);
        Files.delete(folder);
        return store;
      } catch (Exception e) {
        throw new IllegalStateException("No key for the test server", e);
      }
    }
  }
}
