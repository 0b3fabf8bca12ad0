package ee.lmstudio.sdk.model;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.internal.json.JsonText;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
    assertThat(first).isGreaterThanOrEqualTo(4);
    String more = "[{'index':0,'id':'a','function':{'name':'get','arguments':'é1'}}]";
    assertThat(add(assembler, more)).as("bytes of the arguments").isEqualTo(3);
    assertThat(add(assembler, "[{'index':9}]")).as("a call costs, too").isPositive();
  }
}
