package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ee.lmstudio.AllocatedBytes;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.RateLimitedException;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
  private static final long LIMIT = 400;

  private final RequestMemory memory = new RequestMemory(LIMIT);

  private static JsonObject numbers(int count) {
    JsonArrayBuilder all = Json.createArrayBuilder();
    for (int i = 0; i < count; i++) {
      all.add(i);
    }
    return Json.createObjectBuilder().add("x", all).build();
  }

  @Test
  void requestsOfOneCaller_mayTakeHalfOfAll() {
    memory.take("alice", 120);
    memory.take("alice", 80);
    RateLimitedException refused =
        assertThatExceptionOfType(RateLimitedException.class)
            .isThrownBy(() -> memory.take("alice", 1))
            .actual();
    assertThat(refused.retryAfter().orElseThrow()).isPositive();
    memory.take("bob", 200);
    memory.giveBack("alice", 120);
    assertThatCode(() -> memory.take("alice", 120)).doesNotThrowAnyException();
  }

  @Test
  void largeRequest_isAcceptedFromCallerWithoutAnother() {
    memory.take("alice", 300);
    assertThatExceptionOfType(RateLimitedException.class).isThrownBy(() -> memory.take("alice", 1));
    memory.giveBack("alice", 300);
    memory.take("alice", 300);
  }

  @Test
  void requestsOfAllCallers_areLimitedTogether() {
    for (String caller : new String[] {"a", "b", "c", "d"}) {
      memory.take(caller, 100);
    }
    OverloadedException refused =
        assertThatExceptionOfType(OverloadedException.class)
            .isThrownBy(() -> memory.take("e", 1))
            .actual();
    assertThat(refused.retryAfter().orElseThrow()).isPositive();
    memory.giveBack("b", 100);
    assertThatCode(() -> memory.take("e", 1)).doesNotThrowAnyException();
  }

  @Test
  void size_countsTextsNamesAndValues() {
    long small = RequestMemory.of(numbers(1));
    assertThat(RequestMemory.of(numbers(1001)) - small).isEqualTo(100_000);
    JsonObject text = Json.createObjectBuilder().add("n".repeat(50), "t".repeat(1000)).build();
    assertThat(RequestMemory.of(text)).isEqualTo(3 * 100 + 6 * 1050);
  }

  @Test
  void hash_allocatesInProportion() {
    PromptHash.of(numbers(10));
    String text = "\u20ac\n".repeat(1 << 20);
    JsonObject large = Json.createObjectBuilder().add("x", text).build();
    assertThat(AllocatedBytes.by(() -> PromptHash.of(large))).isLessThan(64 << 10);
    JsonObject many = numbers(100_000);
    assertThat(AllocatedBytes.by(() -> PromptHash.of(many))).isLessThan(100_000 * 600);
  }
}
