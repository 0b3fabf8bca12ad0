package ee.lmstudio.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ee.lmstudio.upstreams.CallTimeouts;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.Timeout;
import org.junit.jupiter.api.Test;

/**
 * docs/reference/configuration.md names the timeouts of the guards of calls that are not
 * generations.
 */
class GuardDocTest {
  @Test
  void timeouts_areNamedAsTheReferenceSays() throws Exception {
    String reference = Files.readString(Path.of("docs/reference/configuration.md"));
    for (String kind : new String[] {"plain", "work"}) {
      Method method = CallTimeouts.class.getMethod(kind, Supplier.class);
      assertThat(method.isAnnotationPresent(Timeout.class)).isTrue();
      assertThat(reference)
          .contains("`" + CallTimeouts.class.getName() + "/" + kind + "/Timeout/value`");
    }
  }
}
