package ee.lmstudio.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.CallRecord;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.ModelFilter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which calls go through which guard, and what callers see of its refusals. */
class GuardedSdkTest {
  private static final int BREAKER_CALLS = 2;

  /** Notes which of the two kinds of call is made. */
  private static final class NotingTimeouts extends CallTimeouts {
    final List<String> used = new ArrayList<>();

    @Override
    public <T> T plain(Supplier<T> call) {
      used.add("plain");
      return call.get();
    }

    @Override
    public <T> T work(Supplier<T> call) {
      used.add("work");
      return call.get();
    }
  }

  private final NotingTimeouts timeouts = new NotingTimeouts();
  private final List<String> called = new ArrayList<>();
  private final List<CallRecord> told = new ArrayList<>();
  private RuntimeException failure;
  private Runnable meanwhile = () -> {};
  private final InvocationHandler noting =
      (proxy, method, arguments) -> {
        if (method.getName().equals("with")) {
          return proxy;
        }
        called.add(method.getName());
        meanwhile.run();
        if (failure != null) {
          throw failure;
        }
        return null;
      };
  private final SdkContract sdk =
      new GuardedSdk(
          (SdkContract)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(), new Class<?>[] {SdkContract.class}, noting),
          guard(),
          guard(),
          timeouts,
          told::add);

  private static Guard guard() {
    return new Guard(
        "den",
        new ServerSettings.Guards(BREAKER_CALLS, Duration.ofSeconds(7), 1, 1),
        1,
        "lm-studio.max-plain-calls",
        Clock.systemUTC());
  }

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of("healthCheck", List.of()),
        Arguments.of("createChatCompletion", List.of()),
        Arguments.of("startChatCompletion", List.of()),
        Arguments.of("createCompletion", List.of()),
        Arguments.of("startCompletion", List.of()),
        Arguments.of("listModels", List.of("plain")),
        Arguments.of("createEmbedding", List.of("plain")),
        Arguments.of("unloadModel", List.of("plain")),
        Arguments.of("createTranscription", List.of("work")),
        Arguments.of("createTranslation", List.of("work")),
        Arguments.of("createSpeech", List.of("work")),
        Arguments.of("createImage", List.of("work")),
        Arguments.of("loadModel", List.of("work")));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void call_isGuardedAsItsKind(String name, List<String> kinds) throws Exception {
    for (Method method : SdkContract.class.getMethods()) {
      if (method.getName().equals(name) && !method.isDefault()) {
        method.invoke(sdk, new Object[method.getParameterCount()]);
      }
    }
    assertThat(called).containsExactly(name);
    assertThat(timeouts.used).isEqualTo(kinds);
  }

  private SdkContract view() {
    return sdk.with(CallOptions.by("alice", "r-1"))
        .with(CallOptions.builder().actor("bob").build());
  }

  private void assertTold(CallMethod method, String code) {
    assertThat(told)
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.method()).isEqualTo(method);
              assertThat(call.outcome()).isEqualTo(CallRecord.Outcome.FAILED);
              assertThat(call.errorCode()).hasValue(code);
              assertThat(call.status()).isEmpty();
              assertThat(call.actor()).hasValue("bob");
              assertThat(call.requestId()).hasValue("r-1");
            });
  }

  @Test
  void machineThatKeepsFailing_isNotCalledAndTelemetryHearsOfTheRefusal() {
    for (int i = 0; i < BREAKER_CALLS; i++) {
      failure = new ServerException(500, "broken", "hint");
      assertThatThrownBy(() -> sdk.createImage(null)).isSameAs(failure);
    }
    called.clear();
    assertThatThrownBy(() -> view().createImage(null))
        .isInstanceOfSatisfying(
            ConnectionException.class,
            open -> {
              assertThat(open).hasMessageContainingAll("den", "Nothing was sent");
              assertThat(open.retryAfter()).contains(Duration.ofSeconds(7));
            });
    assertThat(called).isEmpty();
    assertTold(CallMethod.CREATE_IMAGE, "upstream_unreachable");
    // The other kind of call, and calls without a guard, still go through.
    failure = null;
    sdk.listModels(ModelFilter.ALL);
    sdk.healthCheck();
    assertThat(called).containsExactly("listModels", "healthCheck");
  }

  @Test
  void tooManyCalls_areRefusedAndTelemetryHearsOfIt() {
    meanwhile =
        () -> {
          meanwhile = () -> {};
          assertThatThrownBy(() -> view().listModels(ModelFilter.ALL))
              .isInstanceOf(OverloadedException.class)
              .hasMessageContainingAll("den", "limit 1", "Nothing was sent");
        };
    sdk.listModels(ModelFilter.ALL);
    assertThat(called).containsExactly("listModels");
    assertTold(CallMethod.LIST_MODELS, "overloaded");
    sdk.listModels(ModelFilter.ALL);
    assertThat(called).hasSize(2);
  }

  @Test
  void callThatTheLimitsCouldNotEnd_isAServerError() {
    failure = new TimeoutException();
    assertThatThrownBy(() -> sdk.listModels(ModelFilter.ALL)).isInstanceOf(ServerException.class);
  }

  @Test
  void otherFaults_areThrownAsTheyAre() {
    failure = new ServerException(500, "broken", "hint");
    assertThatThrownBy(() -> sdk.listModels(ModelFilter.ALL)).isSameAs(failure);
    assertThat(told).isEmpty();
  }
}
