package ee.lmstudio.server.launcher;

import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Checks before the start that the server has a certificate of its own, if it is to speak TLS.
 * Payara Micro brings a certificate along, but everybody can download its private key.
 */
final class OwnCertificate {
  static final String PORT = "--sslport";
  static final String CHOOSE_A_FREE_PORT = "--autoBindSsl";
  private static final String NAME = "--sslcert";
  private static final String FILE = "javax.net.ssl.keyStore";
  private static final String PASSWORD = "javax.net.ssl.keyStorePassword";

  private OwnCertificate() {}

  /** Returns why the server cannot speak TLS; empty if it can, or is not told to. */
  static Optional<String> problem(List<String> arguments) {
    if (!Options.has(arguments, PORT) && !Options.has(arguments, CHOOSE_A_FREE_PORT)) {
      return Optional.empty();
    }
    String file = System.getProperty(FILE);
    if (file == null) {
      return Optional.of(
          "%s needs a certificate of your own. Set -D%s=FILE and -D%s=PASSWORD, and name the entry with %s."
              .formatted(PORT, FILE, PASSWORD, NAME));
    }
    try {
      char[] password = System.getProperty(PASSWORD, "").toCharArray();
      return problem(KeyStore.getInstance(new File(file), password), file, arguments);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException unreadable) {
      return Optional.of(
          "%s is '%s', which cannot be read (%s). Check the file, and the password in -D%s."
              .formatted(FILE, file, unreadable.getMessage(), PASSWORD));
    }
  }

  private static Optional<String> problem(KeyStore store, String file, List<String> arguments)
      throws GeneralSecurityException {
    String name = Options.value(arguments, NAME).orElse("");
    return store.isKeyEntry(name)
        ? Optional.empty()
        : Optional.of(
            "%s is '%s'. Allowed: an entry of %s that has a private key. Its entries are: %s."
                .formatted(NAME, name, file, String.join(", ", Collections.list(store.aliases()))));
  }
}
