package ee.lmstudio.upstreams;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.RetryableException;
import ee.lmstudio.sdk.error.TimeoutException;
import ee.lmstudio.sdk.model.ModelFilter;
import ee.lmstudio.sdk.model.ModelPage;
import ee.lmstudio.sdk.model.ModelSummary;
import ee.lmstudio.storage.Storage;
import ee.lmstudio.storage.StorageException;
import ee.lmstudio.storage.StoredModels;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Lists the models of LM Studio. While LM Studio cannot be reached, answers with the stored list,
 * which every complete listing and {@code lmstudio models-sync} replace.
 */
@ApplicationScoped
public class ModelCatalog {
  /** How old the stored list may become if the models do not change. */
  private static final Duration REWRITTEN_AFTER = Duration.ofMinutes(1);

  private static final Logger LOG = Logger.getLogger(ModelCatalog.class.getName());

  /**
   * A list of models.
   *
   * @param page the models
   * @param fetchedAt when LM Studio sent them
   * @param stale whether LM Studio could not be reached, so that this list is the stored one
   */
  public record Listing(ModelPage page, Instant fetchedAt, boolean stale) {}

  @Inject Upstreams upstreams;
  @Inject ServerSettings settings;

  private final AtomicBoolean storageFailed = new AtomicBoolean();

  /** The list that this server has stored. Guarded by this. */
  private StoredModels stored;

  /**
   * Returns the models that the filter selects.
   *
   * @throws ee.lmstudio.sdk.error.LmStudioException as {@code SdkContract.listModels} does, unless
   *     LM Studio cannot be reached and there is a stored list of it
   */
  public Listing list(CallOptions options, ModelFilter filter) {
    Machine machine = upstreams.machine();
    try {
      ModelPage page = machine.sdk().with(options).listModels(filter);
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      if (filter.equals(ModelFilter.ALL) && page.nextCursor().isEmpty()) {
        String address = machine.address().toString();
        store(new StoredModels(now, address, page.lmstudioVersion(), page.models()));
      }
      return new Listing(page, now, false);
    } catch (ConnectionException | TimeoutException away) {
      return storedFor(machine, filter, away);
    }
  }

  private Listing storedFor(Machine machine, ModelFilter filter, RetryableException away) {
    // The pages of LM Studio have cursors that only LM Studio knows.
    Optional<StoredModels> known =
        filter.cursor().isPresent()
            ? Optional.empty()
            : read().filter(list -> list.baseUrl().equals(machine.address().toString()));
    StoredModels list = known.orElseThrow(() -> away);
    List<ModelSummary> models =
        list.models().stream()
            .filter(filter::selects)
            .limit(filter.limit().orElse(Integer.MAX_VALUE))
            .toList();
    return new Listing(
        new ModelPage(models, Optional.empty(), list.lmstudioVersion()), list.fetchedAt(), true);
  }

  /** Reads the file each time, because {@code lmstudio models-sync} may have replaced it. */
  private Optional<StoredModels> read() {
    try {
      return StoredModels.read(storage());
    } catch (StorageException unreadable) {
      logOnce(unreadable);
      return Optional.empty();
    }
  }

  private synchronized void store(StoredModels list) {
    boolean fresh =
        stored != null
            && stored.models().equals(list.models())
            && stored.baseUrl().equals(list.baseUrl())
            && list.fetchedAt().isBefore(stored.fetchedAt().plus(REWRITTEN_AFTER));
    if (fresh) {
      return;
    }
    try {
      list.write(storage());
      stored = list;
      storageFailed.set(false);
    } catch (StorageException failed) {
      logOnce(failed);
    }
  }

  private void logOnce(StorageException failed) {
    if (storageFailed.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "The list of models is not stored, so it cannot be served while LM Studio is away. {0}"
              + " {1}",
          new Object[] {failed.getMessage(), failed.hint()});
    }
  }

  private Storage storage() {
    return new Storage(settings.storageDir());
  }
}
