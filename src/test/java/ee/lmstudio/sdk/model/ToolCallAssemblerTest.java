package ee.lmstudio.sdk.model;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.internal.json.JsonText;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ToolCallAssemblerTest {
  private static List<ToolCall> calls(String... arrays) {
    ToolCallAssembler assembler = new ToolCallAssembler();
    Stream.of(arrays).forEach(array -> add(assembler, array));
    return assembler.calls();
  }

  private static int add(ToolCallAssembler assembler, String array) {
    return assembler.add(JsonText.read(array.replace('\'', '"')).orElseThrow().asJsonArray());
  }

  @Test
  void indices_orderTheCallsHoweverTheyCome() {
    assertThat(
            calls(
                "[{'index':1,'id':'b','function':{'name':'g','arguments':''}}]",
                "[{'index':0,'id':'a','function':{'name':'f','arguments':'1'}},"
                    + "{'index':1,'function':{'arguments':'2'}}]",
                "[{'index':0,'function':{'name':'','arguments':'3'}}]"))
        .containsExactly(new ToolCall("a", "f", "13"), new ToolCall("b", "g", "2"));
  }

  @Test
  void missingOrEmptyIds_areMadeUp() {
    assertThat(
            calls(
                "[{'index':0,'id':'','function':{'name':'f'}},{'index':3,'function':{'name':'g'}}]"))
        .containsExactly(new ToolCall("call_0", "f", ""), new ToolCall("call_3", "g", ""));
  }

  @Test
  void noIndex_isToldApartByIdOrName() {
    assertThat(
            calls(
                "[{'id':'a','function':{'name':'f','arguments':'1'}}]",
                "[{'function':{'arguments':'2'}}]",
                "[{'id':'b','function':{'name':'g','arguments':'3'}}]",
                "[{'id':'a','function':{'arguments':'4'}}]",
                "[{'id':'','function':{'name':'','arguments':'5'}}]"))
        .containsExactly(new ToolCall("a", "f", "1245"), new ToolCall("b", "g", "3"));
  }

  @Test
  void wholeAnswerWithoutIndexOrId_hasEachCall() {
    assertThat(
            calls(
                "[{'id':'','function':{'name':'f','arguments':'1'}},"
                    + "{'id':'','function':{'name':'f','arguments':'2'}}]"))
        .containsExactly(new ToolCall("call_0", "f", "1"), new ToolCall("call_1", "f", "2"));
  }

  @Test
  void oddShapes_addNothing() {
    assertThat(calls("[{'index':'x','function':[]}]", "[{'function':{'arguments':7}}]"))
        .containsExactly(new ToolCall("call_0", "", ""));
  }

  @Test
  void size_countsWhatIsKeptOnce() {
    ToolCallAssembler assembler = new ToolCallAssembler();
    int first = add(assembler, "[{'index':0,'id':'a','function':{'name':'get'}}]");
    assertThat(first).as("a call, its id and its name").isEqualTo(64 + 1 + 3);
    String more = "[{'index':0,'id':'a','function':{'name':'get','arguments':'é{'}}]";
    assertThat(add(assembler, more)).as("bytes of the arguments").isEqualTo(3);
    assertThat(add(assembler, "[{'index':9}]")).as("a call costs, too").isEqualTo(64);
    String longer = "[{'index':0,'id':'abc'},{'index':0,'function':{'name':'ge'}},{'index':20}]";
    assertThat(add(assembler, longer)).as("a piece of a name, and a call").isEqualTo(2 + 64);
  }

  @Test
  void lateIdWithoutIndex_isTheLatestCalls() {
    assertThat(
            calls(
                "[{'function':{'name':'f','arguments':'{'}}]",
                "[{'id':'a','function':{'arguments':'}'}}]"))
        .containsExactly(new ToolCall("a", "f", "{}"));
  }

  @Test
  void lateNameWithoutIndex_isTheLatestCalls() {
    assertThat(
            calls(
                "[{'id':'a'}]", "[{'function':{'name':'f'}}]", "[{'function':{'arguments':'1'}}]"))
        .containsExactly(new ToolCall("a", "f", "1"));
  }

  @Test
  void nameThatIsRepeated_isTheSameCallUntilItsArgumentsAreThere() {
    assertThat(
            calls(
                "[{'function':{'name':'f','arguments':'{'}}]",
                "[{'function':{'name':'f','arguments':'}'}}]",
                "[{'function':{'name':'f','arguments':'{}'}}]",
                "[{'function':{'name':'g','arguments':''}}]"))
        .containsExactly(
            new ToolCall("call_0", "f", "{}"),
            new ToolCall("call_1", "f", "{}"),
            new ToolCall("call_2", "g", ""));
  }

  @Test
  void sameIndexForAll_isToldApartByIdAndName() {
    ToolCallAssembler assembler = new ToolCallAssembler();
    add(assembler, "[{'index':0,'id':'a','function':{'name':'f','arguments':'1'}}]");
    add(assembler, "[{'index':0,'id':'b','function':{'name':'f','arguments':'2'}}]");
    assertThat(assembler.placed().getJsonObject(0).getInt("index")).isEqualTo(1);
    add(assembler, "[{'index':0,'function':{'arguments':'3'}}]");
    assertThat(assembler.calls())
        .containsExactly(new ToolCall("a", "f", "1"), new ToolCall("b", "f", "23"));
  }

  @Test
  void indexAfterNone_isTheCallAtThatPlace() {
    assertThat(
            calls(
                "[{'function':{'name':'f','arguments':'1'}}]",
                "[{'index':0,'function':{'arguments':'2'}}]"))
        .containsExactly(new ToolCall("call_0", "f", "12"));
  }

  @Test
  void fragmentsWithoutIndex_areToldWithOne() {
    ToolCallAssembler assembler = new ToolCallAssembler();
    add(assembler, "[{'index':0,'id':'a'}]");
    assertThat(assembler.placed()).isEqualTo(JsonText.read("[{\"index\":0,\"id\":\"a\"}]").get());
    add(assembler, "[{'id':'b','x':1},{'index':0}]");
    assertThat(assembler.placed().toString())
        .isEqualTo("[{\"id\":\"b\",\"x\":1,\"index\":1},{\"index\":0}]");
  }

  @Test
  void argumentsThatAreAnObject_areItsText() {
    assertThat(calls("[{'id':'a','function':{'name':'f','arguments':{'x':1}}}]"))
        .containsExactly(new ToolCall("a", "f", "{\"x\":1}"));
  }

  @Test
  void idThatWasMadeUp_isNobodyElses() {
    assertThat(calls("[{'index':0,'function':{'name':'f'}},{'index':1,'id':'call_0'}]"))
        .extracting(ToolCall::id)
        .containsExactly("call_0_", "call_0");
  }

  @Test
  void nameInPieces_isJoinedAndRepeatedNameIsNot() {
    assertThat(
            calls(
                "[{'index':0,'id':'a','function':{'name':'edit_ex','arguments':''}}]",
                "[{'index':0,'id':null,'function':{'name':'isting','arguments':null}}]",
                "[{'index':0,'id':'','function':{'name':'_file','arguments':'{'}}]",
                "[{'index':0,'id':'b','function':{'name':null,'arguments':'}'}}]",
                "[{'index':0,'id':'a','function':{'name':'edit_existing_file'}}]"))
        .containsExactly(new ToolCall("a", "edit_existing_file", "{}"));
  }

  @Test
  void anotherNameAfterWholeArguments_isAnotherCallEvenAtTheSameIndex() {
    assertThat(
            calls(
                "[{'index':0,'function':{'name':'f','arguments':'{}'}}]",
                "[{'index':0,'function':{'name':'g','arguments':'{}'}}]"))
        .containsExactly(new ToolCall("call_0", "f", "{}"), new ToolCall("call_1", "g", "{}"));
  }

  @Test
  void fragmentThatRepeatsIdAndName_isPassedOnWithoutThem() {
    ToolCallAssembler assembler = new ToolCallAssembler();
    add(assembler, "[{'index':0,'id':'a','function':{'name':'ed','arguments':''}}]");
    String piece = "[{'index':0,'id':'a','function':{'name':'%s','arguments':'1'}}]";
    add(assembler, piece.formatted("ed"));
    assertThat(assembler.placed().toString())
        .isEqualTo("[{\"index\":0,\"function\":{\"arguments\":\"1\"}}]");
    add(assembler, piece.formatted("it"));
    assertThat(assembler.placed().toString())
        .isEqualTo("[{\"index\":0,\"function\":{\"name\":\"it\",\"arguments\":\"1\"}}]");
    add(assembler, "[{'index':0,'function':{'arguments':{'x':2}}}]");
    assertThat(assembler.placed().toString())
        .as("arguments are text")
        .isEqualTo("[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\\\":2}\"}}]");
    assertThat(assembler.calls()).containsExactly(new ToolCall("a", "edit", "11{\"x\":2}"));
  }

  @Test
  @Timeout(20)
  void nameInManyPieces_costsEachTheSame() {
    ToolCallAssembler assembler = new ToolCallAssembler();
    for (int i = 0; i < 100_000; i++) {
      add(assembler, "[{'index':0,'function':{'name':'a" + i + "'}}]");
    }
    assertThat(assembler.calls().get(0).name()).hasSize(588_890);
  }

  @Test
  void halfACharacterOfTheArguments_isJoinedAndShownWhole() {
    ToolCallAssembler assembler = new ToolCallAssembler();
    add(assembler, "[{'index':0,'id':'a','function':{'name':'f','arguments':'x\\ud83d'}}]");
    assertThat(assembler.placed().toString()).contains("\"arguments\":\"x\"");
    add(assembler, "[{'index':0,'function':{'arguments':'\\ude00y\\ud83d'}}]");
    assertThat(assembler.placed().toString()).contains("\"arguments\":\"\uD83D\uDE00y\"");
    assertThat(assembler.calls()).containsExactly(new ToolCall("a", "f", "x\uD83D\uDE00y\uFFFD"));
  }

  @Test
  @Timeout(20)
  void callsWithoutNumber_costEachTheSame() {
    ToolCallAssembler assembler = new ToolCallAssembler();
    for (int i = 0; i < 100_000; i++) {
      add(assembler, "[{'id':'c" + i + "','function':{'name':'f','arguments':'{}'}}]");
    }
    assertThat(assembler.calls()).hasSize(100_000);
  }

  @Test
  @Timeout(20)
  void nameThatIsRepeatedWithEachFragment_costsEachTheSame() {
    ToolCallAssembler assembler = new ToolCallAssembler();
    String piece = "[{'function':{'name':'f','arguments':'%s'}}]";
    add(assembler, piece.formatted("["));
    for (int i = 0; i < 100_000; i++) {
      add(assembler, piece.formatted("{},"));
    }
    assertThat(assembler.calls()).hasSize(1);
  }

  @Test
  void interleaved_areApart() {
    assertThat(
            calls(
                "[{'id':'a','function':{'name':'f'}}]",
                "[{'id':'b','function':{'name':'g'}}]",
                "[{'id':'a','function':{'arguments':'1'}}]",
                "[{'id':'b','function':{'arguments':'2'}}]",
                "[{'id':'a','function':{'arguments':'3'}}]"))
        .containsExactly(new ToolCall("a", "f", "13"), new ToolCall("b", "g", "2"));
  }
}
