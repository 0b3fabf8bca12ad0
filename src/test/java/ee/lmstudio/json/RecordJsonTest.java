package ee.lmstudio.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.json.bind.adapter.JsonbAdapter;
import jakarta.json.bind.annotation.JsonbNillable;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import jakarta.json.bind.annotation.JsonbTypeAdapter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecordJsonTest {
  @JsonbPropertyOrder("name")
  public record Sample(
      String name,
      Instant startedAt,
      Optional<String> maybeText,
      OptionalInt maybeNumber,
      String nothing,
      @JsonbNillable String saidToBeNothing) {}

  /** Remembers which threads read it. */
  public record Seen(int number) {
    static final Queue<Thread> READERS = new ConcurrentLinkedQueue<>();

    @Override
    public int number() {
      READERS.add(Thread.currentThread());
      return number;
    }
  }

  /** Cannot be written the first time. */
  public record Failing(int number) {
    static final AtomicBoolean FAILED = new AtomicBoolean();

    @Override
    public int number() {
      if (FAILED.compareAndSet(false, true)) {
        throw new IllegalStateException("cannot be read");
      }
      return number;
    }
  }

  public record Outer(List<Inner> inners) {}

  public record Inner(@JsonbTypeAdapter(Adapter.class) String text) {}

  /** Remembers which thread created it. */
  public static final class Adapter implements JsonbAdapter<String, String> {
    static final Queue<Thread> CREATORS = new ConcurrentLinkedQueue<>();

    public Adapter() {
      CREATORS.add(Thread.currentThread());
    }

    @Override
    public String adaptToJson(String text) {
      return text;
    }

    @Override
    public String adaptFromJson(String text) {
      return text;
    }
  }

  @Test
  void firstValueThatFails_doesNotAffectTheNext() {
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> RecordJson.write(new Failing(1)));
    assertThat(RecordJson.write(new Failing(2))).isEqualTo("{\"number\":2}");
  }

  @Test
  void presentValues_areWrittenInSnakeCase() {
    Instant start = Instant.parse("2026-11-28T10:15:30.120Z");
    assertThat(
            RecordJson.write(new Sample("a", start, Optional.of("b"), OptionalInt.of(3), "c", "d")))
        .isEqualTo(
            "{\"name\":\"a\",\"maybe_number\":3,\"maybe_text\":\"b\",\"nothing\":\"c\","
                + "\"said_to_be_nothing\":\"d\",\"started_at\":\"2026-11-28T10:15:30.120Z\"}");
  }

  @Test
  void absentValues_areLeftOutUnlessMarked() {
    assertThat(
            RecordJson.write(
                new Sample("a", Instant.EPOCH, Optional.empty(), OptionalInt.empty(), null, null)))
        .isEqualTo(
            "{\"name\":\"a\",\"said_to_be_nothing\":null,\"started_at\":\"1970-01-01T00:00:00Z\"}");
  }

  @Test
  void firstValuesOnVirtualThreads_areReadByAPlatformThreadFirst() throws Exception {
    List<Future<String>> written;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      written =
          IntStream.range(0, 50)
              .mapToObj(i -> threads.submit(() -> RecordJson.write(new Seen(i))))
              .toList();
    }
    for (int i = 0; i < 50; i++) {
      assertThat(written.get(i).get()).isEqualTo("{\"number\":" + i + "}");
    }
    assertThat(Seen.READERS.poll().isVirtual()).isFalse();
    assertThat(Seen.READERS).hasSize(50).allMatch(Thread::isVirtual);
  }

  @Test
  void emptyList_preparesTheClassOfItsElements() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(threads.submit(() -> RecordJson.write(new Outer(List.of()))).get())
          .isEqualTo("{\"inners\":[]}");
      assertThat(threads.submit(() -> RecordJson.write(new Outer(List.of(new Inner("a"))))).get())
          .isEqualTo("{\"inners\":[{\"text\":\"a\"}]}");
    }
    assertThat(Adapter.CREATORS).isNotEmpty().noneMatch(Thread::isVirtual);
  }
}
