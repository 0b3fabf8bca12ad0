package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.http.api.EventText.Event;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/** A listener that reads an event stream as far as the test wants. */
public final class Listening implements AutoCloseable {
  public final HttpResponse<InputStream> response;
  private final InputStream in;
  private final StringBuilder text = new StringBuilder();

  Listening(HttpResponse<InputStream> response) {
    this.response = response;
    this.in = response.body();
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Api.header(response, "Content-Type")).startsWith(Api.EVENTS);
  }

  public String streamId() {
    String location = Api.header(response, "Location");
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /** Reads on until what was read is as wanted; the test fails if the stream ends before. */
  public Listening readUntil(Predicate<String> wanted) throws IOException {
    byte[] some = new byte[16 * 1024];
    while (!wanted.test(text.toString())) {
      int count = in.read(some);
      assertThat(count).as("more after %s", text).isPositive();
      text.append(new String(some, 0, count, StandardCharsets.UTF_8));
    }
    return this;
  }

  /** Reads on until there was an event of this name, whole. */
  public Listening readUntilEvent(String name) throws IOException {
    return readUntil(
        read -> {
          int event = read.indexOf("\nevent: " + name + "\n");
          return event >= 0 && read.indexOf("\n\n", event) >= 0;
        });
  }

  /** Reads to the end of the response. */
  public Listening readAll() throws IOException {
    text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    return this;
  }

  public String text() {
    return text.toString();
  }

  /** The events so far; call it when the last one was read whole. */
  public List<Event> events() {
    return EventText.events(text());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
