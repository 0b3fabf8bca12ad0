package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ResponseOwnersTest {
  private final ResponseOwners owners = new ResponseOwners();

  @Test
  void response_belongsToItsCreator() {
    owners.created("resp_1", "alice");
    assertThat(owners.isOwner("resp_1", "alice")).isTrue();
    assertThat(owners.isOwner("resp_1", "bob")).isFalse();
    assertThat(owners.isOwner("resp_2", "alice")).isFalse();
  }

  @Test
  void idThatLmStudioUsesAgain_belongsToTheLastCreator() {
    owners.created("resp_1", "alice");
    owners.created("resp_1", "bob");
    assertThat(owners.isOwner("resp_1", "alice")).isFalse();
    assertThat(owners.isOwner("resp_1", "bob")).isTrue();
  }

  @Test
  void callerWithManyResponses_losesOnlyTheOldestOfTheirOwn() {
    owners.created("bobs", "bob");
    for (int i = 0; i < ResponseOwners.MOST; i++) {
      owners.created("resp_" + i, "alice");
    }
    assertThat(owners.isOwner("bobs", "bob")).isTrue();
    assertThat(owners.isOwner("resp_0", "alice")).isFalse();
    assertThat(owners.isOwner("resp_1", "alice")).isTrue();
    assertThat(owners.isOwner("resp_" + (ResponseOwners.MOST - 1), "alice")).isTrue();
  }

  @Test
  void veryLongId_isNotRemembered() {
    String longest = "r".repeat(ResponseOwners.LONGEST_ID);
    owners.created(longest, "alice");
    owners.created(longest + "r", "alice");
    assertThat(owners.isOwner(longest, "alice")).isTrue();
    assertThat(owners.isOwner(longest + "r", "alice")).isFalse();
  }

  @Test
  void firstEventWithAResponse_namesIt() {
    BiConsumer<String, String> receiver = owners.receiver("alice");
    receiver.accept("response.output_text.delta", "{\"response\":{\"id\":\"no\"}}");
    receiver.accept("response.created", "{\"response\":{\"id\":\"resp_1\"}}");
    receiver.accept("response.completed", "{\"response\":{\"id\":\"resp_2\"}}");
    assertThat(owners.isOwner("no", "alice")).isFalse();
    assertThat(owners.isOwner("resp_1", "alice")).isTrue();
    assertThat(owners.isOwner("resp_2", "alice")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"id\":\"r\"}",
        "{\"a\":{\"id\":\"x\"},\"b\":[{\"id\":\"x\"}],\"n\":1.5e400,\"t\":null,\"id\":\"r\"}",
        "{\"type\":\"response.created\",\"response\":{\"o\":{\"id\":\"x\"},\"id\":\"r\",\"id\":\"s\"}}",
        "{\"id\":7,\"response\":{\"id\":\"r\"}}",
        "{\"id\":\"r\", and no JSON after it"
      })
  void id_isFoundInAResponseOrItsEvent(String json) {
    assertThat(ResponseOwners.idOf(json)).hasValue("r");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[DONE]",
        "7",
        "[{\"id\":\"r\"}]",
        "{}",
        "{\"id\":",
        "{\"id\":7}",
        "{\"item\":{\"id\":\"r\"}}",
        "{\"response\":{},\"item\":{\"id\":\"r\"}}",
        "[\"id\",\"r\"]",
        "{\"response\":[{\"id\":\"r\"}]}",
        "{\"response\":{}}"
      })
  void dataWithoutAResponse_hasNoId(String json) {
    assertThat(ResponseOwners.idOf(json)).isEmpty();
  }

  @Test
  void deeplyNestedDataWithoutAnEnd_hasNoId() {
    assertThat(ResponseOwners.idOf("{\"a\":" + "[".repeat(100_000))).isEmpty();
  }
}
