package ee.lmstudio.server;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests the one {@link PayaraServer} with default settings that all of them share; it starts
 * with the first and stops after the last.
 *
 * <pre>{@code
 * @ExtendWith(SharedServer.class)
 * class ModelsIT {
 *   @Test
 *   void models_asListed(PayaraServer server) { … server.url("api/v1/ai/lmstudio/models") … }
 * }
 * }</pre>
 *
 * <p>Tests run one after the other, but leave streams and sessions behind. Do not rely on a state
 * that other tests may have changed.
 */
public final class SharedServer implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == PayaraServer.class;
  }

  @Override
  public PayaraServer resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return test.getRoot()
        .getStore(Namespace.create(SharedServer.class))
        .getOrComputeIfAbsent(
            PayaraServer.class, key -> PayaraServer.builder().start(), PayaraServer.class);
  }
}
