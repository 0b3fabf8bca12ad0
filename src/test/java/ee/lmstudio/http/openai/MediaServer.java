package ee.lmstudio.http.openai;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.http.api.ContractServer;
import ee.lmstudio.simulator.SimulatedVersion;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives the tests of audio and images the {@link Api} of the one server that they share, with an LM
 * Studio that has both. After each test, the server has no temporary file of a body open.
 */
final class MediaServer implements ParameterResolver, AfterEachCallback {
  static final String TRANSCRIPTIONS = "audio/transcriptions";
  static final String SPEECH = "audio/speech";
  static final String IMAGES = "images/generations";

  /** The maximum length of a form, in bytes. */
  static final int MOST = 1 << 20;

  private static Api api(ExtensionContext test) {
    return test.getRoot()
        .getStore(Namespace.create(MediaServer.class))
        .getOrComputeIfAbsent(
            ContractServer.Shared.class, key -> started(), ContractServer.Shared.class)
        .api();
  }

  private static ContractServer.Shared started() {
    return new ContractServer.Shared(
        server ->
            server
                .config("lm-studio.enable-audio", "true")
                .config("lm-studio.enable-images", "true")
                .config("lm-studio.max-audio-bytes", "" + MOST)
                .config("lm-studio.body-timeout", "1s"),
        ContractServer.FAST.withVersion(SimulatedVersion.parse("0.2.21")));
  }

  @Override
  public void afterEach(ExtensionContext test) throws InterruptedException {
    api(test).lmStudio().forgetScripts();
    while (api(test).lmStudio().awaitStreamClosedByClient(Duration.ZERO)) {}
    for (long end = System.nanoTime() + Api.LIMIT.toNanos();
        !RecordingForms.filesOfBodies().isEmpty(); ) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("Files are open: " + RecordingForms.filesOfBodies());
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == Api.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return api(test);
  }
}
