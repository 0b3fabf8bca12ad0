package ee.lmstudio.sdk.model;

import static ee.lmstudio.sdk.internal.json.JsonText.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * However the fragments of tool calls are cut, mixed and decorated, the same calls come of them.
 */
class ToolCallPropertiesTest {
  /** What servers were seen to put into fragments. */
  enum Style {
    /** Index everywhere, id and name in the first one: 0.4. */
    INDEX,
    /** The same, with an empty name repeated: 0.3.13. */
    INDEX_AND_EMPTY_NAMES,
    /** The same, with the id repeated. */
    INDEX_AND_IDS,
    /** No index; the id everywhere. */
    IDS
  }

  @Provide
  Arbitrary<List<ToolCall>> calls() {
    Arbitrary<String> name = Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(8);
    Arbitrary<String> arguments = Arbitraries.strings().ofMaxLength(20);
    return Combinators.combine(name, arguments)
        .as((function, text) -> new ToolCall("", function, text))
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .map(
            all ->
                IntStream.range(0, all.size())
                    .mapToObj(
                        i -> new ToolCall("id" + i, all.get(i).name(), all.get(i).arguments()))
                    .toList());
  }

  @Property(seed = "1")
  void anyCutAndAnyMixture_makeTheSameCalls(
      @ForAll("calls") List<ToolCall> calls,
      @ForAll Style style,
      @ForAll @IntRange(min = 1, max = 6) int piece,
      @ForAll long seed) {
    Random random = new Random(seed);
    ToolCallAssembler assembler = new ToolCallAssembler();
    List<Deque<JsonObject>> waiting = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      waiting.add(fragments(calls.get(i), i, style, piece));
    }
    if (style == Style.IDS) {
      // Without an index the calls come in the order of their first fragments.
      waiting.forEach(fragments -> add(assembler, List.of(fragments.remove())));
    }
    while (!waiting.isEmpty()) {
      List<JsonObject> chunk = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0 && !waiting.isEmpty(); i--) {
        Deque<JsonObject> next = waiting.get(random.nextInt(waiting.size()));
        if (!next.isEmpty()) {
          chunk.add(next.remove());
        }
        waiting.removeIf(Deque::isEmpty);
      }
      add(assembler, chunk);
    }
    assertThat(assembler.calls()).isEqualTo(calls);
  }

  private static void add(ToolCallAssembler assembler, List<JsonObject> fragments) {
    JsonArrayBuilder chunk = JSON.createArrayBuilder();
    fragments.forEach(chunk::add);
    assertThat(assembler.add(chunk.build())).as("size").isNotNegative();
  }

  private static Deque<JsonObject> fragments(ToolCall call, int index, Style style, int piece) {
    Deque<JsonObject> fragments = new ArrayDeque<>();
    fragments.add(fragment(call, index, style, "", true));
    String arguments = call.arguments();
    for (int from = 0; from < arguments.length(); from += piece) {
      String text = arguments.substring(from, Math.min(arguments.length(), from + piece));
      fragments.add(fragment(call, index, style, text, false));
    }
    return fragments;
  }

  private static JsonObject fragment(
      ToolCall call, int index, Style style, String arguments, boolean first) {
    JsonObjectBuilder function = JSON.createObjectBuilder().add("arguments", arguments);
    JsonObjectBuilder fragment = JSON.createObjectBuilder().add("type", "function");
    if (style != Style.IDS) {
      fragment.add("index", index);
    }
    if (first || style == Style.IDS || style == Style.INDEX_AND_IDS) {
      fragment.add("id", call.id());
    }
    if (first) {
      function.add("name", call.name());
    } else if (style == Style.INDEX_AND_EMPTY_NAMES) {
      function.add("name", "");
    }
    return fragment.add("function", function).build();
  }

  @Property(seed = "1")
  void callsWithoutIndexAndIds_comeOneAfterAnother(
      @ForAll("calls") List<ToolCall> calls, @ForAll @IntRange(min = 1, max = 6) int piece) {
    // The same name again may be the same call: nothing else tells them apart.
    Assume.that(
        IntStream.range(1, calls.size())
            .noneMatch(i -> calls.get(i).name().equals(calls.get(i - 1).name())));
    ToolCallAssembler assembler = new ToolCallAssembler();
    for (ToolCall call : calls) {
      for (JsonObject fragment : fragments(call, 0, Style.IDS, piece)) {
        JsonObjectBuilder bare = JSON.createObjectBuilder(fragment).remove("id");
        add(assembler, List.of(bare.build()));
      }
    }
    assertThat(assembler.calls())
        .extracting(ToolCall::name, ToolCall::arguments)
        .isEqualTo(
            calls.stream()
                .map(call -> org.assertj.core.groups.Tuple.tuple(call.name(), call.arguments()))
                .toList());
  }
}
