package ee.lmstudio.sdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.core.MultivaluedHashMap;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long to wait before asking again, and when not to. */
class RetryBudgetTest {
  private static HttpAnswer answer(int status, String retryAfter) {
    MultivaluedHashMap<String, String> headers = new MultivaluedHashMap<>();
    if (retryAfter != null) {
      headers.add("retry-after", retryAfter);
    }
    return new HttpAnswer(status, headers, new byte[0], false);
  }

  @Test
  void pauses_doubleFromHalfASecondToEight() {
    RetryBudget budget = new RetryBudget(6);
    for (long most : new long[] {500, 1000, 2000, 4000, 8000, 8000}) {
      assertThat(budget.pauseAfter(answer(503, null)))
          .hasValueSatisfying(
              pause ->
                  assertThat(pause)
                      .isBetween(Duration.ofMillis(most / 2), Duration.ofMillis(most)));
    }
    assertThat(budget.pauseAfter(answer(503, null))).as("used up").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 302, 400, 401, 404, 409, 501, 505})
  void otherStatuses_doNotInvite(int status) {
    assertThat(new RetryBudget(5).pauseAfter(answer(status, "1"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "' 7 ', 7", "60, 60"})
  void secondsAsked_areWaited(String asked, int seconds) {
    assertThat(new RetryBudget(1).pauseAfter(answer(429, asked)))
        .hasValue(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"61", "999999999", "99999999999999999999"})
  void retryAfterOverAMinute_endsTheRetries(String asked) {
    RetryBudget budget = new RetryBudget(1);
    assertThat(budget.pauseAfter(answer(429, asked))).isEmpty();
    assertThat(budget.pauseAfter(answer(429, null))).as("nothing was used up").isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "-1",
        "-1.5",
        "1.",
        ".5",
        "1e3",
        "Fri, 31 Feb",
        "Sun, 06 Nov 1994 08:49:37 GMT"
      })
  void unreadable_isAsIfAbsent(String asked) {
    assertThat(RetryBudget.retryAfter(answer(429, asked))).isEmpty();
    assertThat(new RetryBudget(1).pauseAfter(answer(429, asked))).isPresent();
  }

  @Test
  void decimalSeconds_areWaitedToTheMillisecond() {
    assertThat(RetryBudget.retryAfter(answer(429, "1.5"))).hasValue(Duration.ofMillis(1500));
    assertThat(RetryBudget.retryAfter(answer(429, "0.0009"))).hasValue(Duration.ZERO);
  }

  @Test
  void secondsThatFitNoInt_areVeryMany() {
    assertThat(RetryBudget.retryAfter(answer(429, "999999999")))
        .hasValue(Duration.ofSeconds(999_999_999));
    assertThat(RetryBudget.retryAfter(answer(429, "9999999999"))).hasValue(Duration.ofDays(365));
  }

  @Test
  void date_isWaitedFor() {
    String soon =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(3600));
    assertThat(RetryBudget.retryAfter(answer(429, soon)))
        .hasValueSatisfying(wait -> assertThat(wait).isGreaterThan(Duration.ofMinutes(50)));
  }
}
