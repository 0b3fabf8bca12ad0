package ee.lmstudio.http.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ee.lmstudio.http.api.Api;
import ee.lmstudio.server.PayaraServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Forms with recordings, with each byte as one character, and the files that a server makes. */
final class RecordingForms {
  static final String BOUNDARY = "the-boundary";

  private RecordingForms() {}

  /** The temporary files that the server has open, although their names are gone. */
  static List<String> filesOfBodies() {
    return ProcessHandle.current()
        .descendants()
        .flatMap(process -> descriptors(process.pid()))
        .filter(file -> file.contains("lmstudio-body-"))
        .toList();
  }

  private static Stream<String> descriptors(long pid) {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return all.map(RecordingForms::target).toList().stream();
    } catch (IOException gone) {
      return Stream.empty();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException gone) {
      return "";
    }
  }

  static String field(String name, String value) {
    return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(BOUNDARY, name, value);
  }

  static String file(String content) {
    return "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
            .formatted(BOUNDARY)
        + "Content-Type: audio/wav\r\n\r\n"
        + content
        + "\r\n";
  }

  /** The UTF-8 of a text, with each byte as one character. */
  static String inBytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), ISO_8859_1);
  }

  static String whole(String... parts) {
    return String.join("", parts) + "--" + BOUNDARY + "--\r\n";
  }

  static HttpRequest form(Api api, String path, String... parts) {
    return form(api, path, BodyPublishers.ofString(whole(parts), ISO_8859_1)).build();
  }

  static HttpRequest.Builder form(Api api, String path, HttpRequest.BodyPublisher body) {
    return Door.at(api, PayaraServer.ALICE, path)
        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
        .POST(body);
  }

  static String recording(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return new String(bytes, ISO_8859_1);
  }
}
