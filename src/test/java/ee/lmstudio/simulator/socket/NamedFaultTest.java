package ee.lmstudio.simulator.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NamedFaultTest {
  private static final String EVENTS = "data: one\n\ndata: two\n\n";

  private final SocketSimulator lmStudio = SocketSimulator.scripted();

  @AfterEach
  void close() {
    lmStudio.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyName_isReadAsItIsWritten(FaultName name) {
    NamedFault fault = new NamedFault(name, name.isAtByte() ? 17 : 0);
    assertThat(NamedFault.parse(fault.toString())).isEqualTo(fault);
    assertThat(fault.toString()).matches("[a-z0-9-]+(@17)?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "explode@3 | 'explode' is not the name of a fault. Allowed: cut@byte, reset@byte,",
        "'' | '' is not the name of a fault. Allowed:",
        "CUT@3 | 'CUT' is not the name of a fault",
        "cut | 'cut' has no position. Write 'cut@100'",
        "cut@ | 'cut@' has the position ''. Allowed: a whole number of bytes",
        "cut@1.5 | 'cut@1.5' has the position '1.5'. Allowed: a whole number of bytes",
        "cut@1@2 | 'cut@1@2' has the position '1@2'",
        "cut@-1 | 'cut@-1' has a negative position",
        "html@3 | 'html@3' has a position, but this fault is a whole answer. Write 'html'"
      })
  void invalidText_isRefusedWithTheAllowedForm(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NamedFault.parse(text))
        .withMessageStartingWith(message);
  }

  private String answerTo(String fault) throws Exception {
    Script answer = Script.respondWith(200, "text/event-stream").body(EVENTS).delimitedByClose();
    lmStudio.enqueue(NamedFault.parse(fault).in(answer));
    try (RawClient client = new RawClient(lmStudio.url()).post("/v1/chat/completions", "{}")) {
      String all = client.readToEnd();
      return all.substring(all.indexOf("\r\n\r\n") + 4);
    }
  }

  @Test
  void cut_endsThere() throws Exception {
    assertThat(answerTo("cut@7")).isEqualTo(EVENTS.substring(0, 7));
  }

  @Test
  void corrupt_changesThatByteOnly() throws Exception {
    for (int at = 0; at < EVENTS.length(); at++) {
      String answer = answerTo("corrupt@" + at);
      assertThat(answer).hasSameSizeAs(EVENTS).startsWith(EVENTS.substring(0, at));
      assertThat(answer.substring(at + 1)).isEqualTo(EVENTS.substring(at + 1));
      assertThat(answer.charAt(at)).isNotEqualTo(EVENTS.charAt(at));
    }
  }

  @Test
  void corruptBehindTheEnd_changesNothing() throws Exception {
    assertThat(answerTo("corrupt@" + EVENTS.length())).isEqualTo(EVENTS);
  }

  @Test
  void drip_sendsOneByteInEachWrite() throws Exception {
    lmStudio.enqueue(NamedFault.parse("drip@20").in(Script.respondWithEvents(EVENTS)));
    try (RawClient client = new RawClient(lmStudio.url()).post("/v1/chat/completions", "{}")) {
      assertThat(client.readUntil("0\r\n\r\n"))
          .endsWith("b\r\ndata: one\n\n\r\n9\r\ndata: two\r\n1\r\n\n\r\n1\r\n\n\r\n0\r\n\r\n");
    }
  }

  @Test
  void severalFaults_happenInTheirOrder() throws Exception {
    Script answer = Script.respondWith(200, "text/event-stream").body(EVENTS).delimitedByClose();
    answer = NamedFault.parse("cut@12").in(NamedFault.parse("corrupt@2").in(answer));
    lmStudio.enqueue(answer);
    try (RawClient client = new RawClient(lmStudio.url()).post("/v1/chat/completions", "{}")) {
      assertThat(client.readToEnd()).endsWith("da\"a: one\n\nd");
    }
  }
}
