package ee.lmstudio.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for {@code localhost} and 127.0.0.1, which the JDK's keytool creates for this run.
 */
final class PublicCertificate {
  static final String PASSWORD = "for-tests";
  static final String ALIAS = "server";

  private final KeyStore store;

  private PublicCertificate(KeyStore store) {
    this.store = store;
  }

  static PublicCertificate create()
      throws IOException, InterruptedException, GeneralSecurityException {
    Path folder = Files.createTempDirectory("lmstudio-tls");
    Path file = folder.resolve("server.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String command =
        "-genkeypair -keyalg EC -alias %s -dname CN=localhost -validity 2 -storetype PKCS12"
            + " -ext SAN=dns:localhost,ip:127.0.0.1 -storepass %s -keystore %s";
    String[] options = (keytool + " " + command.formatted(ALIAS, PASSWORD, file)).split(" ");
    Process process = new ProcessBuilder(options).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed: " + output);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    Files.delete(file);
    Files.delete(folder);
    return new PublicCertificate(store);
  }

  /** Writes both files in the format that nginx reads. */
  void write(Path certificate, Path key) throws IOException {
    try {
      byte[] bytes = store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
      Files.writeString(certificate, pem("CERTIFICATE", store.getCertificate(ALIAS).getEncoded()));
      Files.writeString(key, pem("PRIVATE KEY", bytes));
    } catch (GeneralSecurityException e) {
      throw new IOException("The key for nginx cannot be read", e);
    }
  }

  /** Writes the certificate and its key to a file that Java reads. */
  void write(Path keyStore) throws IOException, GeneralSecurityException {
    try (OutputStream out = Files.newOutputStream(keyStore)) {
      store.store(out, PASSWORD.toCharArray());
    }
  }

  private static String pem(String type, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, text, type);
  }

  /** Returns the TLS settings of a client that trusts this certificate and no other. */
  SSLContext trusted() throws GeneralSecurityException {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trustStore());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private KeyStore trustStore() throws GeneralSecurityException {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
      return trusted;
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }
}
