package ee.lmstudio.upstreams;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.LmStudioService;
import ee.lmstudio.sdk.LmStudioSettings;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.telemetry.ActionLog;
import ee.lmstudio.telemetry.CallEvents;
import ee.lmstudio.telemetry.CallMetrics;
import ee.lmstudio.telemetry.CallTelemetry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * The upstreams of this server: one, named {@value #DEFAULT}, at {@code lm-studio.base-url}. Makes
 * the SDK injectable, too: {@code @Inject SdkContract}, or {@code @Inject LmStudioService}, the
 * facade over it.
 */
@ApplicationScoped
public class Upstreams {
  /** The name of the upstream at {@code lm-studio.base-url}. */
  public static final String DEFAULT = "default";

  // With the simulator, the address is known only when the server listens: asked at the first call.
  @Inject Instance<LmStudioSettings> settings;
  @Inject ServerSettings server;
  @Inject CallTimeouts timeouts;
  @Inject CallTelemetry telemetry;
  @Inject CallMetrics metrics;
  @Inject CallEvents events;
  @Inject ActionLog actions;

  private Machine machine;
  private boolean closed;

  /** The upstream of one caller only; null if no caller has one. */
  private volatile Reserved reserved;

  private record Reserved(String caller, Machine machine) {}

  /**
   * Returns the upstream for calls that name no upstream. The settings are read at the first call,
   * not before.
   *
   * <p>Everything that a call uses for the first time is created on a platform thread, even if the
   * first caller is a virtual one: creating it takes the lock of the application's class loader,
   * and a virtual thread that owns this lock can lose its carrier to threads that wait for it
   * (docs/decisions/0111).
   */
  public synchronized Machine machine() {
    if (closed) {
      throw new IllegalStateException(
          "The server is stopping, so LM Studio is not called any more");
    }
    if (machine == null) {
      LmStudioSettings read = settings.get();
      machine =
          onPlatformThread(
              () -> {
                // The container creates a bean when any method of its proxy is called.
                List.of(telemetry, metrics, events, actions, timeouts).forEach(Object::toString);
                return new Machine(
                    DEFAULT,
                    read,
                    server.guards(),
                    timeouts,
                    telemetry.of(DEFAULT, read.baseUrl()));
              });
    }
    return machine;
  }

  /** Returns the upstream for calls of this caller that name no upstream. */
  public Machine machine(String caller) {
    Reserved only = reserved;
    return only != null && only.caller().equals(caller) ? only.machine() : machine();
  }

  /** Returns the guarded SDK that sends the requests of this caller. */
  public SdkContract sdk(String caller) {
    return machine(caller).sdk();
  }

  /** Returns whether this caller has an upstream that is reserved for it. */
  public boolean isReserved(String caller) {
    Reserved only = reserved;
    return only != null && only.caller().equals(caller);
  }

  /**
   * Sends the calls of one caller to an upstream that no other caller uses, until {@link
   * #endReservation}. These calls are not reported: there are no records, events and metrics.
   */
  public void reserve(String caller, LmStudioSettings address) {
    Machine only =
        onPlatformThread(
            () -> new Machine(caller, address, server.guards(), timeouts, unreported -> {}));
    reserved = new Reserved(caller, only);
  }

  /** Closes the upstream of {@link #reserve}, and with it the calls that are still running. */
  public void endReservation() {
    Reserved only = reserved;
    if (only != null) {
      reserved = null;
      only.machine().close();
    }
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

  @PreDestroy
  synchronized void close() {
    closed = true;
    if (machine != null) {
      machine.close();
    }
  }

  /** Makes the guarded SDK injectable. */
  @Produces
  @ApplicationScoped
  SdkContract sdk() {
    return machine().sdk();
  }

  /** Makes the facade over the guarded SDK injectable. */
  @Produces
  @Dependent
  LmStudioService service(SdkContract sdk) {
    return new LmStudioService(sdk);
  }
}
