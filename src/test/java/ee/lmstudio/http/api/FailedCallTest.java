package ee.lmstudio.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.container.AsyncResponse;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class FailedCallTest {
  static Stream<Throwable> failures() {
    return Stream.of(new IllegalStateException("planted"), new NoClassDefFoundError("planted"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void callThatThrows_isAnsweredWithWhatItThrew(Throwable failure) throws Exception {
    CompletableFuture<Object> answered = new CompletableFuture<>();
    AsyncResponse answer =
        (AsyncResponse)
            Proxy.newProxyInstance(
                AsyncResponse.class.getClassLoader(),
                new Class<?>[] {AsyncResponse.class},
                (proxy, method, arguments) -> answered.complete(arguments[0]));

    Answers.later(
        answer,
        () -> {
          if (failure instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) failure;
        });

    assertThat(answered.get(20, TimeUnit.SECONDS)).isSameAs(failure);
  }
}
