package ee.lmstudio.inference;

import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;

/** Makes the SDK injectable: {@code @Inject SdkContract}. */
@ApplicationScoped
public class SdkProducer {
  /** One connection for the application. The settings are read at the first call, not before. */
  @Produces
  @ApplicationScoped
  public LmStudio lmStudio(Instance<LmStudioSettings> settings) {
    return LmStudio.connect(settings.get());
  }

  void close(@Disposes LmStudio lmStudio) {
    lmStudio.close();
  }
}
