package ee.lmstudio.http.body;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.http.FakeHttp;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BodyFileTest {
  private static final Party ANN = Party.caller("ann");

  private final BodyMemory disk = new BodyMemory(1000);
  private final BodyFile body = new BodyFile(disk, ANN);

  @AfterEach
  void close() {
    body.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  @Test
  void bytesThatCameInPieces_areReadInOrder() throws IOException {
    assertThat(body.add(bytes("-one"), 1, 4)).isNull();
    assertThat(body.add(bytes("two-"), 0, 3)).isNull();
    assertThat(body.length()).isEqualTo(6);
    assertThat(body.stream().readAllBytes()).asString(US_ASCII).isEqualTo("onetwo");
    assertThat(body.open(2, 3).readAllBytes()).asString(US_ASCII).isEqualTo("etw");
    assertThat(body.open(2, 3).read()).isEqualTo('e');
  }

  @Test
  void bodyWithoutBytes_needsNoFile() throws IOException {
    assertThat(body.stream().read()).isEqualTo(-1);
    assertThat(body.stream().isFinished()).isFalse();
  }

  @Test
  void nameOfTheFile_isGoneWhileTheFileIsUsed() throws IOException {
    assertThat(body.add(bytes("one"), 0, 3)).isNull();
    Set<Path> left = namesOfBodies();
    // Another JVM may be creating a file in the same folder, but its name does not stay.
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!left.isEmpty() && System.nanoTime() < end) {
      left.retainAll(namesOfBodies());
    }
    assertThat(left).isEmpty();
  }

  private static Set<Path> namesOfBodies() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().contains("lmstudio-body-"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void callerOverItsShareOfTheDisk_isRefused() {
    assertThat(body.add(new byte[501], 0, 501)).isEqualTo(BodyErrors.noDisk());
    assertThat(body.add(new byte[500], 0, 500)).isNull();
    assertThat(body.add(new byte[1], 0, 1)).isEqualTo(BodyErrors.noDisk());
    BodyFile other = new BodyFile(disk, Party.caller("bob"));
    assertThat(other.add(new byte[250], 0, 250)).isNull();
    other.close();
    body.release();
    assertThat(disk.used()).isZero();
  }

  @Test
  void releasedFile_isClosed() {
    assertThat(body.add(bytes("one"), 0, 3)).isNull();
    body.release();
    body.release();
    assertThat(disk.used()).isZero();
    assertThatThrownBy(() -> body.open(0, 3).read()).isInstanceOf(ClosedChannelException.class);
    assertThat(body.add(bytes("one"), 0, 3)).isEqualTo(BodyErrors.noDisk());
  }

  @Test
  void takenFile_staysUntilItIsClosed() throws IOException {
    HttpServletRequest request = FakeHttp.post("/v1/audio/transcriptions").request();
    assertThat(BodyFile.take(request)).isEmpty();
    body.offerTo(request);
    assertThat(body.add(bytes("one"), 0, 3)).isNull();
    BodyFile taken = BodyFile.take(request).orElseThrow();
    body.release();
    assertThat(taken.open(0, 3).readAllBytes()).asString(US_ASCII).isEqualTo("one");
    taken.close();
    assertThat(disk.used()).isZero();
  }
}
