package ee.lmstudio.http.api;

import java.nio.charset.StandardCharsets;

/** Request bodies that are large in one way, of any size. */
public enum BodyShape {
  EMPTY_MESSAGES("{'messages':[", "{}", "]}"),
  NAMELESS_OBJECTS("{'messages':[", "{'':0}", "]}"),
  NAMED_OBJECTS("{'messages':[", "{'a':0}", "]}"),
  NO_MESSAGES("{'messages':[", "0", "]}"),
  ARRAY("[", "0", "]"),
  UNKNOWN_FIELDS("{", "'#':0", "}"),
  ONE_FIELD_AGAIN("{", "'k':0", "}"),
  EXTRA_FIELDS("{" + Start.VALID + ",'extra':{", "'#':0", "}}"),
  WRONG_PARTS("{'messages':[{'role':'user','content':[", "{}", "]}]}"),
  PARTS("{'messages':[{'role':'user','content':[", "{'type':'text','text':'a'}", "]}]}"),
  MESSAGES("{'messages':[", "{'role':'user','content':'a'}", "]}"),
  LONG_MESSAGES(
      "{'messages':[", "{'role':'user','content':'" + "abcdefgh".repeat(200) + "'}", "]}"),
  WRONG_TOOL_CALLS("{'messages':[{'role':'assistant','content':'','tool_calls':[", "{}", "]}]}"),
  TOOL_CALLS(
      "{'messages':[{'role':'assistant','content':'','tool_calls':[",
      "{'id':'','function':{'name':'f','arguments':''}}",
      "]}]}"),
  STOPS("{" + Start.VALID + ",'stop':[", "'a'", "]}"),
  WRONG_TOOLS("{" + Start.VALID + ",'tools':[", "{}", "]}"),
  TOOLS(
      "{" + Start.VALID + ",'tools':[",
      "{'type':'function','function':{'name':'f','parameters':{}}}",
      "]}"),
  WRONG_BIASES("{" + Start.VALID + ",'logit_bias':{", "'#':''", "}}"),
  DEEP("{" + Start.VALID + ",'extra':{'x':[", "[".repeat(60) + "]".repeat(60), "]}}"),
  NUMBERS("{" + Start.VALID + ",'extra':{'x':[", "1e-9", "]}}"),
  HUGE_NUMBERS("{" + Start.VALID + ",'extra':{'x':[", "1e999999999", "]}}"),
  SMALL_NUMBERS("{" + Start.VALID + ",'extra':{'x':[", "1e-999999999", "]}}"),
  LONG_NUMBERS("{" + Start.VALID + ",'extra':{'x':[", "7".repeat(900), "]}}"),
  LONG_FRACTIONS("{" + Start.VALID + ",'extra':{'x':[", "0." + "7".repeat(900), "]}}"),
  LONG_TEXT("{'messages':[{'role':'user','content':'", "aaaaaaa", "'}]}", ""),
  LONG_WIDE_TEXT("{'messages':[{'role':'user','content':'", "€€€", "'}]}", ""),
  ESCAPES("{'messages':[{'role':'user','content':'", "\\n\\\"", "'}]}", ""),
  NUMERIC_ESCAPES("{'messages':[{'role':'user','content':'", "\\u20ac", "'}]}", ""),
  LONG_NAME("{" + Start.VALID + ",'", "nnnnnnn", "':1}", ""),
  LONG_MODEL("{" + Start.VALID + ",'model':'", "mmmmmmm", "'}", ""),
  LONG_NUMBER("{" + Start.VALID + ",'seed':", "1111111", "}", ""),
  BLANKS("{" + Start.VALID, "       ", "}", ""),
  LONG_PROMPT("{'prompt':'", "ppppppp", "'}", ""),
  EXTRA_FIELDS_OF_PROMPT("{'prompt':'Hi','extra':{", "'#':0", "}}"),
  STOPS_OF_PROMPT("{'prompt':'Hi','stop':[", "'a'", "]}"),
  DEEP_PROMPT("{'prompt':'Hi','extra':{'x':[", "{'y':".repeat(60) + "0" + "}".repeat(60), "]}}"),
  BRACKETS("", "[[[[[[[", "", "");

  /** Holds a constant that the shapes above use. */
  private static final class Start {
    private static final String VALID = "'messages':[{'role':'user','content':'Hi'}]";
  }

  private final String begin;
  private final String repeated;
  private final String end;
  private final String between;

  BodyShape(String begin, String repeated, String end) {
    this(begin, repeated, end, ",");
  }

  BodyShape(String begin, String repeated, String end, String between) {
    this.begin = begin;
    this.repeated = repeated;
    this.end = end;
    this.between = between;
  }

  /** Returns a body of this shape with about {@code size} bytes, and at least one repetition. */
  public byte[] ofSize(int size) {
    StringBuilder body = new StringBuilder(size + 2000).append(begin);
    int number = 0;
    do {
      body.append(number == 0 ? "" : between).append(repeated.replace("#", "x" + number));
      number++;
    } while (body.length() < size);
    return body.append(end).toString().replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
