package ee.lmstudio.sdk.internal.negotiation;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import org.junit.jupiter.api.Test;

class KeptFieldsTest {
  private final KeptFields fields = new KeptFields();

  private static JsonObject field(String name, String value) {
    return JSON.createObjectBuilder().add(name, value).build();
  }

  @Test
  void lastValueOfEachName_isKept() {
    fields.add(field("a", "1"));
    fields.add(field("b", "2"));
    fields.add(field("a", "3"));
    assertThat(fields.all())
        .isEqualTo(JSON.createObjectBuilder().add("a", "3").add("b", "2").build());
  }

  @Test
  void moreNamesThanAllowed_areNotKept() {
    for (int i = 0; i < 2 * KeptFields.MAX_FIELDS; i++) {
      fields.add(field("x" + i, ""));
    }
    fields.add(field("x0", "new"));
    assertThat(fields.all()).hasSize(KeptFields.MAX_FIELDS).containsKey("x99");
    assertThat(fields.all().getString("x0")).isEqualTo("new");
  }

  @Test
  void largerFieldsThanAllowed_areNotKept() {
    String half = "v".repeat(KeptFields.MAX_SIZE / 4);
    fields.add(field("a", half));
    fields.add(field("b", half));
    fields.add(field("c", "small"));
    assertThat(fields.all()).containsOnlyKeys("a", "c");
    // A shorter value makes room.
    fields.add(field("a", ""));
    fields.add(field("b", half));
    assertThat(fields.all()).containsOnlyKeys("a", "b", "c");
  }
}
