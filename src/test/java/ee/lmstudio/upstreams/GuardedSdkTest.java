package ee.lmstudio.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.CallRecord;
import ee.lmstudio.sdk.SdkContract;
import ee.lmstudio.sdk.error.ConnectionException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.OverloadedException;
import ee.lmstudio.sdk.error.ServerException;
import ee.lmstudio.sdk.model.ModelFilter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.faulttolerance.exceptions.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which calls go through the guard, and how its refusals are told. */
class GuardedSdkTest {
  /** A guard that notes which of its two doors was used. */
  private static final class NotingGuard extends CallGuard {
    final List<String> used = new ArrayList<>();
    RuntimeException refusal;

    @Override
    public <T> T plain(Supplier<T> call) {
      return through("plain", call);
    }

    @Override
    public <T> T work(Supplier<T> call) {
      return through("work", call);
    }

    private <T> T through(String door, Supplier<T> call) {
      used.add(door);
      if (refusal != null) {
        throw refusal;
      }
      return call.get();
    }
  }

  private final NotingGuard guard = new NotingGuard();
  private final List<String> called = new ArrayList<>();
  private final List<CallRecord> told = new ArrayList<>();
  private final InvocationHandler noting =
      (proxy, method, arguments) -> {
        called.add(method.getName());
        return method.getName().equals("with") ? proxy : null;
      };
  private final SdkContract sdk =
      new GuardedSdk(
          (SdkContract)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(), new Class<?>[] {SdkContract.class}, noting),
          guard,
          told::add);

  static Stream<Arguments> doors() {
    return Stream.of(
        Arguments.of("healthCheck", List.of()),
        Arguments.of("createChatCompletion", List.of()),
        Arguments.of("startChatCompletion", List.of()),
        Arguments.of("createCompletion", List.of()),
        Arguments.of("startCompletion", List.of()),
        Arguments.of("listModels", List.of("plain")),
        Arguments.of("createEmbedding", List.of("plain")),
        Arguments.of("createTranscription", List.of("work")),
        Arguments.of("createTranslation", List.of("work")),
        Arguments.of("createSpeech", List.of("work")),
        Arguments.of("createImage", List.of("work")));
  }

  @ParameterizedTest
  @MethodSource("doors")
  void calls_goThroughTheirDoor(String name, List<String> doors) throws Exception {
    for (Method method : SdkContract.class.getMethods()) {
      if (method.getName().equals(name) && !method.isDefault()) {
        method.invoke(sdk, new Object[method.getParameterCount()]);
      }
    }
    assertThat(called).containsExactly(name);
    assertThat(guard.used).isEqualTo(doors);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(new CircuitBreakerOpenException(), ConnectionException.class),
        Arguments.of(new BulkheadException(), OverloadedException.class),
        Arguments.of(new TimeoutException(), ServerException.class));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusalsOfTheGuard_areToldAsTheSdkTells(RuntimeException refusal, Class<?> told) {
    guard.refusal = refusal;
    assertThatThrownBy(() -> sdk.listModels(ModelFilter.ALL)).isInstanceOf(told);
    assertThat(called).isEmpty();
  }

  static Stream<Arguments> refusalsThatSendNothing() {
    return Stream.of(
        Arguments.of(new CircuitBreakerOpenException(), "upstream_unreachable"),
        Arguments.of(new BulkheadException(), "overloaded"));
  }

  @ParameterizedTest
  @MethodSource("refusalsThatSendNothing")
  void refusalsOfTheGuard_areCallsToTelemetryToo(RuntimeException refusal, String code) {
    guard.refusal = refusal;
    SdkContract view =
        sdk.with(CallOptions.by("alice", "r-1")).with(CallOptions.builder().actor("bob").build());
    assertThatThrownBy(() -> view.createImage(null)).isInstanceOf(LmStudioException.class);
    assertThat(told)
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.method()).isEqualTo(CallMethod.CREATE_IMAGE);
              assertThat(call.outcome()).isEqualTo(CallRecord.Outcome.FAILED);
              assertThat(call.errorCode()).hasValue(code);
              assertThat(call.status()).isEmpty();
              assertThat(call.actor()).hasValue("bob");
              assertThat(call.requestId()).hasValue("r-1");
            });
  }

  @Test
  void otherFaults_areToldAsTheyAre() {
    guard.refusal = new ServerException(500, "broken", "hint");
    assertThatThrownBy(() -> sdk.listModels(ModelFilter.ALL)).isSameAs(guard.refusal);
  }
}
