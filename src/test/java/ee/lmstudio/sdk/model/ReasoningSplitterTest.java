package ee.lmstudio.sdk.model;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonValue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReasoningSplitterTest {
  private static final JsonArray CALL = Json.createArrayBuilder().add(1).build();

  /** Text as it comes, the reasoning and the visible text in it. */
  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("Hello", "", "Hello"),
        Arguments.of("", "", ""),
        Arguments.of(" \n", "", " \n"),
        Arguments.of("\n Hello", "", "\n Hello"),
        Arguments.of("<think>hm</think>Hello", "hm", "Hello"),
        Arguments.of("<think>\nhm\n</think>\r\n\nHello\n", "\nhm\n", "Hello\n"),
        Arguments.of("\n<think>hm</think>\n", "hm", ""),
        Arguments.of("<think></think>Hello", "", "Hello"),
        Arguments.of("<think>cut", "cut", ""),
        Arguments.of("<think>cut</thi", "cut</thi", ""),
        Arguments.of("<think>", "", ""),
        Arguments.of("<thin", "", "<thin"),
        Arguments.of("<thing>x</think>", "", "<thing>x</think>"),
        Arguments.of("a <think>b</think>", "", "a <think>b</think>"),
        Arguments.of("<think>a <think> b</think>c</think>d", "a <think> b", "c</think>d"),
        Arguments.of("<think>1 < 2 </b </think> x", "1 < 2 </b ", " x"),
        Arguments.of("<think><</think>/", "<", "/"),
        Arguments.of("<think></</think>", "</", ""),
        Arguments.of("<think>a</think><think>b</think>", "a", "<think>b</think>"));
  }

  private static Delta split(Iterable<String> pieces) {
    ReasoningSplitter splitter = new ReasoningSplitter();
    StringBuilder content = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    for (String piece : pieces) {
      Delta shown = splitter.split(Delta.ofContent(piece));
      content.append(shown.content());
      reasoning.append(shown.reasoning());
    }
    for (Delta rest : new Delta[] {splitter.rest(), splitter.rest()}) {
      content.append(rest.content());
      reasoning.append(rest.reasoning());
    }
    return new Delta(content.toString(), reasoning.toString(), JsonValue.EMPTY_JSON_ARRAY);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void cutAnywhere_saysTheSame(String text, String reasoning, String content) {
    Delta expected = new Delta(content, reasoning, JsonValue.EMPTY_JSON_ARRAY);
    assertThat(split(Stream.of(text).toList())).isEqualTo(expected);
    assertThat(split(text.chars().mapToObj(Character::toString).toList())).isEqualTo(expected);
    for (int i = 0; i <= text.length(); i++) {
      for (int j = i; j <= text.length(); j++) {
        assertThat(
                split(
                    Stream.of(text.substring(0, i), text.substring(i, j), text.substring(j))
                        .toList()))
            .as("cut at %d and %d", i, j)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void ordinaryPiece_isTheSameObject() {
    ReasoningSplitter splitter = new ReasoningSplitter();
    for (String text : new String[] {"Hel", "lo", "<think>"}) {
      Delta piece = Delta.ofContent(text);
      assertThat(splitter.split(piece)).isSameAs(piece);
    }
  }

  @Test
  void reasoningOfLmStudio_leavesTheTextAlone() {
    ReasoningSplitter splitter = new ReasoningSplitter();
    Delta thought = new Delta("", "hm", JsonValue.EMPTY_JSON_ARRAY);
    assertThat(splitter.split(thought)).isSameAs(thought);
    Delta text = Delta.ofContent("<think>is a tag</think>");
    assertThat(splitter.split(text)).isSameAs(text);
  }

  @Test
  void toolCall_comesBehindWhatWasHeld() {
    ReasoningSplitter splitter = new ReasoningSplitter();
    assertThat(splitter.split(Delta.ofContent("\n\n")).nothing()).isTrue();
    assertThat(splitter.split(new Delta("", "", CALL))).isEqualTo(new Delta("\n\n", "", CALL));
    assertThat(splitter.rest().nothing()).isTrue();
  }

  @Test
  void endlessWhiteSpace_isNotHeldForEver() {
    ReasoningSplitter splitter = new ReasoningSplitter();
    int shown = 0;
    for (int i = 0; i < 100; i++) {
      shown += splitter.split(Delta.ofContent(" ")).content().length();
    }
    assertThat(shown).isEqualTo(100);
  }

  @Test
  void pieceWithThoughtAndText_isOne() {
    ReasoningSplitter splitter = new ReasoningSplitter();
    splitter.split(Delta.ofContent("<think>a"));
    assertThat(splitter.split(Delta.ofContent("b</think>\nc")))
        .isEqualTo(new Delta("c", "b", JsonValue.EMPTY_JSON_ARRAY));
  }
}
