package ee.lmstudio.json;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.config.PropertyNamingStrategy;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes records as JSON through JSON-B. A component {@code startedAt} becomes the field {@code
 * started_at}, times are in ISO-8601, and null and empty components are left out. Records must be
 * public. Declare components with their exact types: then writing the first value of a class
 * prepares JSON-B for all of its values. Thread-safe.
 */
public final class RecordJson {
  /** Holds a future for each class that was written, which completes when the class is prepared. */
  private static final Map<Class<?>, CompletableFuture<Void>> PREPARED = new ConcurrentHashMap<>();

  /** A class of its own, so that the thread that prepares the first class initialises it. */
  private static final class Binding {
    private static final Jsonb JSONB =
        JsonbBuilder.create(
            new JsonbConfig()
                .withPropertyNamingStrategy(PropertyNamingStrategy.LOWER_CASE_WITH_UNDERSCORES));
  }

  private RecordJson() {}

  /** Returns the JSON text of a record. */
  public static String write(Record value) {
    CompletableFuture<Void> prepared =
        PREPARED.computeIfAbsent(value.getClass(), type -> prepare(value));
    try {
      prepared.join();
    } catch (CompletionException failed) {
      // Another value of this class may be fine.
      PREPARED.remove(value.getClass(), prepared);
      throw failed;
    }
    return Binding.JSONB.toJson(value);
  }

  /**
   * Writes the first value of a class on a platform thread, because JSON-B searches for its
   * provider and reads the class meanwhile: both take the lock of the application's class loader,
   * and a virtual thread that owns this lock can lose its carrier (docs/decisions/0111).
   */
  private static CompletableFuture<Void> prepare(Record value) {
    return CompletableFuture.runAsync(
        () -> Binding.JSONB.toJson(value),
        task -> Thread.ofPlatform().daemon().name("lmstudio-json").start(task));
  }
}
