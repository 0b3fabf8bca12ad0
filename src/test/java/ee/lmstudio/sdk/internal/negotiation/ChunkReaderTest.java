package ee.lmstudio.sdk.internal.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.model.Delta;
import jakarta.json.JsonValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkReaderTest {
  private static Chunk read(String json) throws BrokenStreamException {
    return ChunkReader.read(json.replace('\'', '"'), true, false);
  }

  /** Found by fuzzing: JSON-P's own way to skip never came back from some of these. */
  @Timeout(20)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'x':{",
        "{'x':[",
        "{'x':{'y':",
        "{'x':{'y':[1",
        "{'choices':[{},{'y':{'z':1}",
        "{'x':'",
        "{",
        "",
        "[]",
        "7",
        "null",
        "{}{}"
      })
  void whatIsNoChunk_isABreak(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(BrokenStreamException.class);
    assertThatThrownBy(() -> ChunkReader.read(json.replace('\'', '"'), true, true))
        .isInstanceOf(BrokenStreamException.class);
  }

  /** A break would post the generation again, and the next answer would have the same field. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'choices':{}}",
        "{'choices':'x'}",
        "{'choices':[7,null,'x']}",
        "{'choices':[{'delta':7}]}",
        "{'choices':[{'delta':'x'}]}",
        "{'choices':[{'delta':{'content':false}}]}",
        "{'choices':[{'delta':{'tool_calls':{}}}]}",
        "{'choices':[{'delta':{'tool_calls':[7,null]}}]}",
        "{'choices':[{'finish_reason':7}]}",
        "{'choices':[{'text':{}}]}",
        "{'model':7}"
      })
  void fieldOfAnotherType_isIgnored(String json) throws BrokenStreamException {
    Chunk chunk = read(json);
    assertThat(chunk.says()).isFalse();
    assertThat(chunk.model()).isNull();
  }

  @Test
  void numberAsContent_isText() throws BrokenStreamException {
    assertThat(read("{'choices':[{'delta':{'content':7.50}}]}").delta().content())
        .isEqualTo("7.50");
  }

  @Test
  void modelThatIsKnown_isPassedOver() throws BrokenStreamException {
    for (String model : new String[] {"'a'", "7", "{'b':['c']}"}) {
      String text = "{'model':" + model + ",'choices':[{'text':'a'}]}";
      Chunk chunk = ChunkReader.read(text.replace('\'', '"'), false, false);
      assertThat(chunk.model()).isNull();
      assertThat(chunk.delta().content()).isEqualTo("a");
    }
  }

  @Test
  void secondChoice_isPassedOver() throws BrokenStreamException {
    Chunk chunk =
        read(
            "{'choices':[{'text':'a','x':[[{}],1]},{'text':'b','delta':{'content':'c'}}],"
                + "'model':''}");
    assertThat(chunk.delta().content()).isEqualTo("a");
    assertThat(chunk.model()).isNull();
    assertThat(chunk.hasChoices()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'choices':[{'index':1,'delta':{'content':'b'},'finish_reason':'stop'}]}",
        "{'choices':[{'delta':{'content':'b','reasoning':'c','tool_calls':[{}]},'index':2}]}",
        "{'choices':[{'text':'b','logprobs':{'tokens':['b']},'index':1e3}]}"
      })
  void anotherChoiceAlone_isPassedOver(String json) throws BrokenStreamException {
    Chunk chunk = read(json);
    assertThat(chunk.delta().nothing()).isTrue();
    assertThat(chunk.finishReason()).isNull();
    assertThat(chunk.rare() == null || chunk.rare().logprobs == null).isTrue();
    assertThat(chunk.hasChoices()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.0", "null", "'0'", "{}"})
  void firstChoice_isTakenWhereverItStandsAndHoweverItIsNumbered(String index)
      throws BrokenStreamException {
    Chunk chunk =
        read(
            "{'choices':[{'text':'b','index':1},{'text':'a','index':%s},{'text':'c'}]}"
                .formatted(index));
    assertThat(chunk.delta().content()).isEqualTo("a");
  }

  @Test
  void emptyFinishReason_isNone() throws BrokenStreamException {
    assertThat(read("{'choices':[{'text':'a','finish_reason':''}]}").finishReason()).isNull();
  }

  @Test
  void reasoningThatIsNoText_isPassedOver() throws BrokenStreamException {
    Chunk chunk = read("{'choices':[{'delta':{'reasoning':{'effort':'low'},'content':'a'}}]}");
    assertThat(chunk.delta()).isEqualTo(Delta.ofContent("a"));
  }

  @Test
  void nulls_sayNothing() throws BrokenStreamException {
    for (String json :
        new String[] {
          "{'choices':null,'usage':null,'stats':7,'error':null}",
          "{'choices':[{'delta':null}]}",
          "{'choices':[{'delta':{'content':null,'reasoning':null,'tool_calls':null},"
              + "'finish_reason':null}]}"
        }) {
      Chunk chunk = read(json);
      assertThat(chunk.delta().nothing()).as(json).isTrue();
      assertThat(chunk.finishReason()).isNull();
      assertThat(chunk.rare() == null || chunk.rare().usage == null && chunk.rare().error == null)
          .isTrue();
    }
  }

  @Test
  void whatFewChunksSay_isKept() throws BrokenStreamException {
    String json =
        """
        {'id':'x','stats':{'a':1},'usage':{'prompt_tokens':3},'error':{'code':'c'},
         'choices':[{'logprobs':{'content':[]},'finish_reason':'stop'}]}
        """;
    RareFields rare = read(json).rare();
    assertThat(rare.usage).hasToString("{\"prompt_tokens\":3}");
    assertThat(rare.error).hasToString("{\"code\":\"c\"}");
    assertThat(rare.logprobs).hasToString("{\"content\":[]}");
    assertThat(rare.others()).hasToString("{\"stats\":{\"a\":1}}");
    assertThat(ChunkReader.read(json.replace('\'', '"'), true, true).rare().others())
        .hasToString("{\"id\":\"x\",\"stats\":{\"a\":1}}");
    assertThat(read("{'error':'broken'}").rare().error).hasToString("\"broken\"");
    assertThat(read("{'id':'x','choices':[]}").rare()).as("nothing rare").isNull();
  }

  @Test
  void contentInParts_isTextReasoningAndTheRest() throws BrokenStreamException {
    Chunk chunk =
        read(
            "{'choices':[{'delta':{'content':[{'type':'thinking','thinking':[{'type':'text',"
                + "'text':'so'}]},{'type':'text','text':'a'},'b',{'type':'reference','ids':[1]},"
                + "{'type':'text','text':null},null,{'type':'reasoning','text':'!'}]}}]}");
    assertThat(chunk.delta()).isEqualTo(new Delta("ab", "so!", JsonValue.EMPTY_JSON_ARRAY));
    assertThat(chunk.rare().parts)
        .singleElement()
        .hasToString("{\"type\":\"reference\",\"ids\":[1]}");
    assertThat(read("{'choices':[{'message':{'content':{'type':'text','text':'a'}}}]}"))
        .satisfies(whole -> assertThat(whole.isWhole()).isTrue())
        .satisfies(whole -> assertThat(whole.delta()).isEqualTo(Delta.ofContent("a")));
    assertThat(read("{'choices':[{'delta':{'content':[{'type':'x'}]},'index':1}]}").rare().parts)
        .as("another choice's")
        .isNull();
  }

  @Test
  void chunk_keepsTheTextThatItIs() throws BrokenStreamException {
    String json = "{\"x\":{\"y\":1},  \"choices\":[{\"delta\":{\"z\":[]}}]}";
    assertThat(ChunkReader.read(json, true, false).json()).isSameAs(json);
    assertThat(ChunkReader.read(json, true, false).says()).isFalse();
  }

  @Test
  void eitherNameOfReasoning_isRead() throws BrokenStreamException {
    assertThat(
            read("{'choices':[{'delta':{'reasoning_content':'why','reasoning':''}}]}")
                .delta()
                .reasoning())
        .isEqualTo("why");
    assertThat(read("{'choices':[{'delta':{'reasoning':'so'}}]}").delta().reasoning())
        .isEqualTo("so");
  }
}
