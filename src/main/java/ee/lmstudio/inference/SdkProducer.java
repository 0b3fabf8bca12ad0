package ee.lmstudio.inference;

import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioService;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.telemetry.CallTelemetry;
import ee.lmstudio.upstreams.RestClientJson;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;

/**
 * Makes the SDK injectable: {@code @Inject SdkContract}, whose plain calls are guarded, or
 * {@code @Inject LmStudioService}, the facade over it.
 */
@ApplicationScoped
public class SdkProducer {
  /** One connection for the application. The settings are read at the first call, not before. */
  @Produces
  @ApplicationScoped
  @Typed(LmStudio.class)
  public LmStudio lmStudio(Instance<LmStudioSettings> settings, CallTelemetry telemetry) {
    return RestClientJson.connect(settings.get(), telemetry);
  }

  void close(@Disposes LmStudio lmStudio) {
    lmStudio.close();
  }

  /** The SDK, guarded by MicroProfile Fault Tolerance. */
  @Produces
  @ApplicationScoped
  public SdkContract sdk(LmStudio lmStudio, CallGuard guard, CallTelemetry telemetry) {
    return new GuardedSdk(lmStudio, guard, telemetry);
  }

  /** The facade over the guarded SDK. */
  @Produces
  @Dependent
  public LmStudioService service(SdkContract sdk) {
    return new LmStudioService(sdk);
  }
}
