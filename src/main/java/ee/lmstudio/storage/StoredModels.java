package ee.lmstudio.storage;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.ModelSummary;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The list of models that LM Studio had when it was last asked. The server answers with it while LM
 * Studio is away.
 *
 * @param fetchedAt when LM Studio was asked
 * @param baseUrl the address of this LM Studio
 * @param lmstudioVersion the version of LM Studio, if it is known
 * @param models all models, without their {@link ModelSummary#details()}
 */
public record StoredModels(
    Instant fetchedAt,
    String baseUrl,
    Optional<String> lmstudioVersion,
    List<ModelSummary> models) {
  /** The name of the file. */
  public static final String FILE = "models.json";

  private static final int FORMAT = 1;

  public StoredModels {
    models = List.copyOf(models);
  }

  /**
   * Reads the stored list; empty if there is none.
   *
   * @throws StorageException if the file cannot be read, or has another format
   */
  public static Optional<StoredModels> read(Storage storage) {
    return storage
        .read(FILE)
        .map(
            bytes -> {
              try (var reader = JSON.createReader(new ByteArrayInputStream(bytes))) {
                return of(reader.readObject());
              } catch (RuntimeException damaged) {
                throw StorageException.damaged(storage.path(FILE), damaged);
              }
            });
  }

  /**
   * Stores this list in place of the one before.
   *
   * @throws StorageException if it cannot be written
   */
  public void write(Storage storage) {
    storage.write(FILE, (toJson() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  JsonObject toJson() {
    JsonObjectBuilder json =
        JSON.createObjectBuilder()
            .add("format", FORMAT)
            .add("fetched_at", fetchedAt.toString())
            .add("base_url", baseUrl);
    lmstudioVersion.ifPresent(version -> json.add("lmstudio_version", version));
    JsonArrayBuilder list = JSON.createArrayBuilder();
    models.forEach(model -> list.add(toJson(model)));
    return json.add("models", list).build();
  }

  /** Returns a model in the format of the HTTP API's list. */
  public static JsonObject toJson(ModelSummary model) {
    JsonObjectBuilder json = JSON.createObjectBuilder().add("id", model.id());
    model.ownedBy().ifPresent(value -> json.add("owned_by", value));
    model.created().ifPresent(value -> json.add("created", value.toString()));
    model.type().ifPresent(value -> json.add("type", value));
    model.state().ifPresent(value -> json.add("state", value));
    ModelSummary.Metadata known = model.metadata();
    JsonObjectBuilder metadata = JSON.createObjectBuilder();
    known.format().ifPresent(value -> metadata.add("format", value));
    known.family().ifPresent(value -> metadata.add("family", value));
    known.parameterSize().ifPresent(value -> metadata.add("parameter_size", value));
    known.quantizationLevel().ifPresent(value -> metadata.add("quantization_level", value));
    known.contextLength().ifPresent(value -> metadata.add("context_length", value));
    JsonObject built = metadata.build();
    return (built.isEmpty() ? json : json.add("metadata", built)).build();
  }

  private static StoredModels of(JsonObject json) {
    if (json.getInt("format") != FORMAT) {
      throw new IllegalArgumentException("format " + json.getInt("format"));
    }
    return new StoredModels(
        Instant.parse(json.getString("fetched_at")),
        json.getString("base_url"),
        JsonText.string(json, "lmstudio_version"),
        json.getJsonArray("models").getValuesAs(JsonObject.class).stream()
            .map(StoredModels::model)
            .toList());
  }

  private static ModelSummary model(JsonObject json) {
    JsonObject metadata = json.containsKey("metadata") ? json.getJsonObject("metadata") : null;
    return new ModelSummary(
        json.getString("id"),
        JsonText.string(json, "owned_by"),
        JsonText.string(json, "created").map(Instant::parse),
        JsonText.string(json, "type"),
        JsonText.string(json, "state"),
        metadata == null
            ? ModelSummary.Metadata.NONE
            : new ModelSummary.Metadata(
                JsonText.string(metadata, "format"),
                JsonText.string(metadata, "family"),
                JsonText.string(metadata, "parameter_size"),
                JsonText.string(metadata, "quantization_level"),
                JsonText.whole(metadata, "context_length")));
  }
}
