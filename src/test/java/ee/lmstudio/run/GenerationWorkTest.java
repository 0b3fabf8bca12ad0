package ee.lmstudio.run;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.LmStudioSettings.StreamRecovery;
import ee.lmstudio.sdk.SdkContract;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a generation tells the SDK about its run. */
class GenerationWorkTest {
  private final List<Object> calls = new ArrayList<>();
  private final SdkContract sdk =
      (SdkContract)
          Proxy.newProxyInstance(
              SdkContract.class.getClassLoader(),
              new Class<?>[] {SdkContract.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("with")) {
                  calls.add(arguments[0]);
                  return proxy;
                }
                calls.add(method.getName());
                return null;
              });

  private CallOptions optionsOf(Optional<StreamRecovery> recovery) {
    new GenerationWork(TestRun.REQUEST, sdk, recovery).run("alice", "r-1", null);
    assertThat(calls).hasSize(2).endsWith("createChatCompletion");
    return (CallOptions) calls.get(0);
  }

  @Test
  void runWithItsOwnRecovery_passesItOn() {
    assertThat(optionsOf(Optional.of(StreamRecovery.OFF)))
        .isEqualTo(
            CallOptions.by("alice", "r-1").toBuilder().streamRecovery(StreamRecovery.OFF).build());
  }

  @Test
  void runWithoutItsOwnRecovery_leavesItToTheSettings() {
    assertThat(optionsOf(Optional.empty())).isEqualTo(CallOptions.by("alice", "r-1"));
  }
}
