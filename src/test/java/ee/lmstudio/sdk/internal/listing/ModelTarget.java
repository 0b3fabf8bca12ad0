package ee.lmstudio.sdk.internal.listing;

import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.model.ModelSummary;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Fuzzed: a listing of any endpoint is read, and two readings of one model merge. */
public final class ModelTarget {
  private ModelTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    JsonText.readObject(new String(input, StandardCharsets.UTF_8)).ifPresent(ModelTarget::read);
  }

  private static void read(JsonObject listing) {
    Stream.of("data", "models")
        .flatMap(
            field -> listing.get(field) instanceof JsonArray list ? list.stream() : Stream.empty())
        .filter(JsonObject.class::isInstance)
        .map(JsonValue::asJsonObject)
        .forEach(ModelTarget::readModel);
  }

  private static void readModel(JsonObject json) {
    List<ModelSummary> readings =
        Stream.of(ModelReader.v1(json), ModelReader.v0(json), ModelReader.nativeV1(json))
            .flatMap(Optional::stream)
            .toList();
    for (ModelSummary a : readings) {
      for (ModelSummary b : readings) {
        ModelSummary merged = ModelMerge.merge(a, b);
        if (!merged.id().equals(a.id())
            || a.state().isPresent() && !merged.state().equals(a.state())) {
          throw new AssertionError("Merged wrongly: " + merged);
        }
        merged.generatesText();
      }
    }
  }
}
