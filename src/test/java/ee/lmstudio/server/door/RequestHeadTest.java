package ee.lmstudio.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.AllocatedBytes;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestHeadTest {
  private static final String POST = "POST /v1/models HTTP/1.1\r\nHost: localhost\r\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1",
        "GET /a?b=c%20d HTTP/1.0",
        "FOO /a HTTP/1.1",
        "get /a HTTP/1.1",
        "GET http://localhost/a HTTP/1.1",
        "GET HTTPS://localhost HTTP/1.1"
      })
  void firstLineOfHttp1_isAccepted(String line) {
    assertThat(RequestHead.refusal(line + "\r\nHost: localhost\r\n\r\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /",
        "GET  / HTTP/1.1",
        "GET / HTTP/1.1 ",
        "GET /a b HTTP/1.1",
        "GET /\tHTTP/1.1",
        "GET a HTTP/1.1",
        "GET ?x HTTP/1.1",
        "GET * HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "CONNECT localhost:443 HTTP/1.1",
        "GET ftp://localhost/ HTTP/1.1",
        "GET http://user@localhost/ HTTP/1.1",
        "G(T / HTTP/1.1",
        "GET / http/1.1",
        "GET / HTTP/1.2",
        "GET / HTTP/1.1x",
        ""
      })
  void malformedFirstLine_isRefused(String line) {
    assertThat(RequestHead.refusal(line + "\r\nHost: localhost\r\n\r\n"))
        .contains(RequestHead.MALFORMED_LINE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/2.0", "PRI * HTTP/2.0", "GET / HTTP/0.9", "GET / HTTP/9.9"})
  void otherVersionOfHttp_is505(String line) {
    assertThat(RequestHead.refusal(line + "\r\n\r\n")).contains(RequestHead.OTHER_VERSION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 0",
        "content-length:14",
        "Content-Length: \t14 ",
        "Transfer-Encoding: chunked",
        "transfer-encoding:\t Chunked ",
        "Expect: 100-Continue",
        "X: \u00e4",
        "X:"
      })
  void ordinaryHeader_isAccepted(String header) {
    assertThat(RequestHead.refusal(POST + header + "\r\n\r\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "TRANSFER-ENCODING: identity\r\ncontent-length: 4"
      })
  void bothLengthAndCoding_isRefused(String headers) {
    assertThat(RequestHead.refusal(POST + headers + "\r\n\r\n")).contains(RequestHead.TWO_LENGTHS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chunked, identity",
        "gzip, chunked",
        "identity",
        "xchunked",
        "",
        "chunked;q=1",
        "\u000bchunked",
        "\u00a0chunked",
        "chunked\r\nTransfer-Encoding: chunked",
        "identity\r\nTransfer-Encoding: chunked"
      })
  void codingThatIsNotExactlyChunked_isRefused(String coding) {
    assertThat(RequestHead.refusal(POST + "Transfer-Encoding: " + coding + "\r\n\r\n"))
        .contains(RequestHead.UNKNOWN_CODING);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"})
  void chunksOverHttp10_areRefused(String head) {
    assertThat(RequestHead.refusal(head)).contains(RequestHead.UNKNOWN_CODING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+14",
        "-1",
        "0x0e",
        "14, 14",
        "",
        "1 4",
        "1e3",
        "9999999999999999999",
        "\u0661",
        "4\r\nContent-Length: 14",
        "14\r\nContent-Length: 14"
      })
  void lengthThatIsNotOneNumber_isRefused(String length) {
    assertThat(RequestHead.refusal(POST + "Content-Length: " + length + "\r\n\r\n"))
        .contains(RequestHead.MALFORMED_LENGTH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding : chunked",
        " Transfer-Encoding: chunked",
        "X: y\r\n chunked",
        "no colon",
        ": no name",
        "X: a\rContent-Length: 4",
        "X: a\0b",
        "X\u00e4: y"
      })
  void malformedHeader_isRefused(String header) {
    assertThat(RequestHead.refusal(POST + header + "\r\n\r\n"))
        .contains(RequestHead.MALFORMED_HEADER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"200-ok", "", "100-continue, x"})
  void unknownExpectation_is417(String value) {
    assertThat(RequestHead.refusal(POST + "Expect: " + value + "\r\n\r\n"))
        .contains(RequestHead.UNKNOWN_EXPECTATION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a\tb", "/\u00e4", "/a\0", "/\u007f", "http://localhost/\u0001"})
  void byteThatIsNotPlain_mustBePercentEncoded(String target) {
    assertThat(RequestHead.refusal("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        .contains(RequestHead.MALFORMED_PATH);
  }

  /** The thread that reads heads serves all connections. The longest head has 16 KiB. */
  @ParameterizedTest
  @ValueSource(strings = {" ", "\t", "\n", "\r\n", "\r", "a", ",", ":", "/", "%", "a:\r\n", " a"})
  void headOfOneLongPart_takesMemoryInProportionToItsLength(String part) {
    String many = part.repeat(16_000 / part.length());
    for (String head :
        List.of(
            many + POST + "\r\n",
            "POST " + many + " HTTP/1.1\r\n\r\n",
            "POST http://" + many + " HTTP/1.1\r\n\r\n",
            POST + "Transfer-Encoding: a" + many + "b\r\n\r\n",
            POST + "Content-Length: " + many + "\r\n\r\n",
            POST + "Expect: " + many + "\r\n\r\n",
            POST + many + "\r\n\r\n")) {
      RequestHead.refusal(head); // Warm.
      assertThat(AllocatedBytes.by(() -> RequestHead.refusal(head)))
          .isLessThan(60L * head.length());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", "\r\n\r\n", "\n"})
  void emptyLinesBeforeARequest_areRefused(String before) {
    assertThat(RequestHead.refusal(before + POST + "\r\n")).isPresent();
  }
}
