package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;

import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.json.JsonText;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Holds generated images.
 *
 * @param created time of the answer by LM Studio's clock; empty if LM Studio does not send it
 * @param images at least one image
 * @param extra other fields that LM Studio sent
 */
public record ImageAnswer(
    Optional<Instant> created, List<GeneratedImage> images, JsonObject extra) {
  /** Checks that nothing is null, and copies the collections. */
  public ImageAnswer {
    Objects.requireNonNull(created, "created");
    images = List.copyOf(images);
    Objects.requireNonNull(extra, "extra");
  }

  /**
   * Reads an answer.
   *
   * @param json a response body in OpenAI's format
   * @return the answer
   * @throws ProtocolException if there is no image, or an entry has neither an image nor an address
   */
  public static ImageAnswer of(JsonObject json) {
    List<GeneratedImage> images = JsonText.objects(json, "data").map(GeneratedImage::of).toList();
    if (images.isEmpty() || images.size() < json.getJsonArray("data").size()) {
      throw new ProtocolException(
          "LM Studio answered without images", "Check that the model can generate images.", null);
    }
    return new ImageAnswer(
        JsonText.moment(json, "created"),
        images,
        JsonText.without(json, Set.of("created", "data")));
  }

  /** {@return the answer as JSON in OpenAI's format} */
  public JsonObject toJson() {
    JsonObjectBuilder json = JSON.createObjectBuilder(extra);
    created.ifPresent(at -> json.add("created", at.getEpochSecond()));
    JsonArrayBuilder data = JSON.createArrayBuilder();
    images.forEach(image -> data.add(image.toJson()));
    return json.add("data", data).build();
  }
}
