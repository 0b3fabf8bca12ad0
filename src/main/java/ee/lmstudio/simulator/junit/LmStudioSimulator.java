package ee.lmstudio.simulator.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Starts a simulator for a test class, and passes it to every parameter of type {@code
 * SocketSimulator}:
 *
 * <pre>{@code
 * @LmStudioSimulator
 * class AnswersTest {
 *   @Test
 *   void question_isAnswered(SocketSimulator lmStudio) {
 *     // call lmStudio.url()
 *     assertThat(lmStudio.generationsPosted()).isEqualTo(1);
 *   }
 * }
 * }</pre>
 *
 * <p>The class shares the simulator with its nested classes, unless they have the annotation
 * themselves. After each test, it forgets its scripts and requests. Models that a test loads stay
 * loaded. Do not run the tests of such a class in parallel.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SimulatorExtension.class)
public @interface LmStudioSimulator {

  /** Returns the version of LM Studio, such as {@code 0.3.30}. */
  String version() default "0.4.x";

  /** Returns how many tokens are generated in a second. Default: 0, as fast as possible. */
  double tokensPerSecond() default 0;

  /** Returns the time before the first token, in milliseconds. */
  long firstTokenMs() default 0;

  /** Returns the seed that chooses the answers. */
  long seed() default 1;

  /** Returns the API tokens that are accepted. Default: none is required. */
  String[] apiTokens() default {};

  /** Returns whether a request can ask for a fault with {@code X-Simulator-Fault}. */
  boolean faultsByHeader() default false;

  /** Returns whether only scripts are answered. Any other request gets a 500. */
  boolean scripted() default false;
}
