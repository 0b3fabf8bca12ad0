package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.internal.json.AnyJson;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Fields that nobody knows yet, and any order of those that are known, change nothing. */
class ChunkPropertiesTest {
  @Provide
  Arbitrary<JsonObject> unknown() {
    return AnyJson.objects(2);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().ofMaxLength(20);
  }

  @Property(seed = "1")
  void unknownFieldsAndAnyOrder_changeNothing(
      @ForAll("texts") String content,
      @ForAll("texts") String reasoning,
      @ForAll("unknown") JsonObject unknown,
      @ForAll boolean all,
      @ForAll long seed)
      throws BrokenStreamException {
    Random random = new Random(seed);
    JsonObject delta =
        mixed(
            Map.of(
                "content", JSON.createValue(content),
                "reasoning_content", JSON.createValue(reasoning),
                "role", JSON.createValue("assistant")),
            unknown,
            random);
    JsonObject choice =
        mixed(Map.of("delta", delta, "finish_reason", JSON.createValue("stop")), unknown, random);
    JsonObject usage = mixed(Map.of("prompt_tokens", JSON.createValue(3)), unknown, random);
    JsonObject json =
        mixed(
            Map.of(
                "model", JSON.createValue("m"),
                "choices", JSON.createArrayBuilder().add(choice).build(),
                "usage", usage),
            unknown,
            random);
    Chunk chunk = ChunkReader.read(json.toString(), true, all);
    assertThat(chunk.delta().content()).isEqualTo(content);
    assertThat(chunk.delta().reasoning()).isEqualTo(reasoning);
    assertThat(chunk.finishReason()).isEqualTo("stop");
    assertThat(chunk.model()).isEqualTo("m");
    assertThat(chunk.rare().usage).isEqualTo(usage);
    assertThat(chunk.hasChoices()).isTrue();
  }

  private static JsonObject mixed(
      Map<String, ? extends jakarta.json.JsonValue> known, JsonObject unknown, Random random) {
    List<String> names = new ArrayList<>(known.keySet());
    names.addAll(unknown.keySet());
    java.util.Collections.shuffle(names, random);
    JsonObjectBuilder object = JSON.createObjectBuilder();
    for (String name : names) {
      object.add(name, known.containsKey(name) ? known.get(name) : unknown.get(name));
    }
    return object.build();
  }

  @Property(seed = "1")
  void cutAnywhere_isNoChunk(
      @ForAll("texts") String content, @ForAll("unknown") JsonObject unknown, @ForAll long seed) {
    String whole =
        JSON.createObjectBuilder()
            .add("unknown", unknown)
            .add(
                "choices",
                JSON.createArrayBuilder()
                    .add(
                        JSON.createObjectBuilder()
                            .add("delta", JSON.createObjectBuilder().add("content", content))))
            .build()
            .toString();
    int cut = new Random(seed).nextInt(whole.length());
    assertThatThrownBy(() -> ChunkReader.read(whole.substring(0, cut), true, seed % 2 == 0))
        .isInstanceOf(BrokenStreamException.class);
  }
}
