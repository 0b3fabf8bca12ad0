package ee.lmstudio.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.error.TimeoutException;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DownloadPatienceTest {
  private final AtomicLong clock = new AtomicLong(7);
  private final DownloadPatience patience = new DownloadPatience(clock::get);

  private JsonObject job(String status, long bytes) {
    return Json.createObjectBuilder()
        .add("status", status)
        .add("downloaded_bytes", bytes)
        .add("bytes_per_second", clock.get() % 1_000)
        .build();
  }

  private Duration next(JsonObject job) {
    Duration pause = patience.next(job);
    clock.addAndGet(pause.toNanos());
    return pause;
  }

  @Test
  void downloadWithProgress_isAskedEverySecondForever() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(next(job("downloading", i))).isEqualTo(DownloadPatience.LEAST);
    }
  }

  @Test
  void pauseWithoutProgress_doublesToItsLimitAndProgressShortensIt() {
    assertThat(next(job("downloading", 1))).hasSeconds(1);
    for (int seconds : new int[] {2, 4, 8, 16, 30, 30}) {
      assertThat(next(job("downloading", 1))).hasSeconds(seconds);
    }
    assertThat(next(job("paused", 1))).hasSeconds(1);
    assertThat(next(job("paused", 1))).hasSeconds(2);
    assertThat(next(job("downloading", 2))).hasSeconds(1);
  }

  @Test
  void downloadWithoutProgress_endsAfterItsLimit() {
    JsonObject paused = job("paused", 1);
    long begun = clock.get();
    assertThatThrownBy(
            () -> {
              while (true) {
                next(paused);
              }
            })
        .isInstanceOfSatisfying(
            TimeoutException.class,
            stuck -> {
              assertThat(stuck.code()).isEqualTo("upstream_timeout");
              assertThat(stuck).hasMessageContaining("3600000 ms").hasMessageContaining("paused");
              assertThat(stuck.hint()).contains("send the same request again");
            });
    assertThat(Duration.ofNanos(clock.get() - begun))
        .isBetween(DownloadPatience.STUCK, DownloadPatience.STUCK.plus(DownloadPatience.MOST));
  }

  @Test
  void downloadWithoutNumbers_endsAfterItsLimit() {
    JsonObject job = Json.createObjectBuilder().add("status", "downloading").build();
    patience.next(job);
    clock.addAndGet(DownloadPatience.STUCK.toNanos());
    assertThatThrownBy(() -> patience.next(job)).isInstanceOf(TimeoutException.class);
  }
}
