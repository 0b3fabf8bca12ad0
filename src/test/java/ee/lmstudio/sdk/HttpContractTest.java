package ee.lmstudio.sdk;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The contract over HTTP: a subclass has the server, this has the SDKs that are connected to it.
 */
abstract class HttpContractTest extends SdkContractTest {
  private LmStudio sdk;
  private LmStudio plain;
  private LmStudio media;

  /** Where the server is. */
  abstract String url();

  @BeforeEach
  void connect() {
    LmStudioSettings settings = LmStudioSettings.at(url());
    sdk = LmStudio.connect(settings);
    plain = LmStudio.connect(settings.toBuilder().streamingEnabled(false).build());
    media = LmStudio.connect(settings.toBuilder().audioEnabled(true).imagesEnabled(true).build());
  }

  @AfterEach
  void disconnect() {
    sdk.close();
    plain.close();
    media.close();
  }

  @Override
  final SdkContract sdk() {
    return sdk;
  }

  @Override
  final SdkContract plain() {
    return plain;
  }

  @Override
  final SdkContract media() {
    return media;
  }
}
