package ee.lmstudio.upstreams;

import ee.lmstudio.sdk.LmStudio;
import ee.lmstudio.sdk.LmStudioService;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.telemetry.CallEvents;
import ee.lmstudio.telemetry.CallMetrics;
import ee.lmstudio.telemetry.CallTelemetry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Makes the SDK injectable: {@code @Inject SdkContract}, whose plain calls are guarded, or
 * {@code @Inject LmStudioService}, the facade over it.
 */
@ApplicationScoped
public class SdkProducer {
  /**
   * Makes the one connection of the application. The settings are read at the first call, not
   * before. All that a call uses for the first time is created on a platform thread, even if the
   * first caller is a virtual one: creating it takes the lock of the application's class loader,
   * and a virtual thread that owns this lock can lose its carrier to threads that wait for it
   * (docs/decisions/0111).
   */
  @Produces
  @ApplicationScoped
  @Typed(LmStudio.class)
  public LmStudio lmStudio(
      Instance<LmStudioSettings> settings,
      CallTelemetry telemetry,
      CallMetrics metrics,
      CallEvents events,
      CallGuard guard) {
    LmStudioSettings read = settings.get();
    return onPlatformThread(
        () -> {
          // The container creates a bean when a method of its proxy is called: any method will do.
          List.of(telemetry, metrics, events, guard).forEach(Object::toString);
          return RestClientJson.connect(read, telemetry);
        });
  }

  /** Returns what {@code task} returns, or throws what it throws. The task must not wait. */
  static <T> T onPlatformThread(Supplier<T> task) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("lmstudio-connect")
        .start(
            () -> {
              try {
                done.complete(task.get());
              } catch (RuntimeException | Error failure) {
                done.completeExceptionally(failure);
              }
            });
    try {
      // Not get(): an interrupt cancels the caller's stream, not the connection of all.
      return done.join();
    } catch (CompletionException failed) {
      switch (failed.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw failed;
      }
    }
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
