package ee.lmstudio.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptHeaderTest {
  private static AcceptHeader accept(String header) {
    HttpHeaders headers =
        (HttpHeaders)
            Proxy.newProxyInstance(
                HttpHeaders.class.getClassLoader(),
                new Class<?>[] {HttpHeaders.class},
                (proxy, called, args) ->
                    Arrays.stream(header.split(",")).map(MediaType::valueOf).toList());
    return AcceptHeader.of(headers);
  }

  /** JAX-RS reads a missing header as any type. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*                                            | events | json",
        "text/event-stream                              | events | events",
        "application/json                               | json   | json",
        "text/*                                         | events | events",
        "application/*                                  | json   | json",
        "application/json, text/event-stream            | events | json",
        "text/event-stream, application/json            | events | json",
        "text/event-stream, application/json;q=0.9      | events | events",
        "text/event-stream;q=0.5, application/json      | json   | json",
        "text/html, application/xhtml+xml, */*;q=0.8    | events | json",
        "application/json, */*;q=0.1                    | json   | json",
        "text/event-stream, */*;q=0.1                   | events | events",
        "application/json;q=0, */*                      | events | events",
        "text/event-stream;q=0, */*                     | json   | json",
        "text/*;q=0.2, text/event-stream;q=0.9, */*;q=0.5 | events | events",
        "application/json;charset=utf-8                 | json   | json",
        "text/event-stream;q=x                          | events | events",
      })
  void header_choosesTheForm(String header, String ofInfer, String ofStreams) {
    AcceptHeader accept = accept(header);
    assertThat(accept.nothing()).isFalse();
    assertThat(accept.wantsEvents(true) ? "events" : "json").isEqualTo(ofInfer);
    assertThat(accept.wantsEvents(false) ? "events" : "json").isEqualTo(ofStreams);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html",
        "application/xml, text/plain",
        "*/*;q=0",
        "application/json;q=0",
        "application/json;q=0, text/event-stream;q=0.0, image/*"
      })
  void neitherForm_isNothing(String header) {
    assertThat(accept(header).nothing()).isTrue();
  }
}
