package ee.lmstudio.server.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** The name under which an exception that ends a thread is logged, and limited. */
class OutOfMemoryTest {
  @Test
  void origin_isTheFirstClassThatIsNotJavas() {
    Exception here = new IllegalStateException();
    assertThat(OutOfMemory.origin(here)).isEqualTo(OutOfMemoryTest.class.getName());
    try {
      List.of().get(0);
    } catch (IndexOutOfBoundsException inJava) {
      assertThat(OutOfMemory.origin(inJava)).isEqualTo(OutOfMemoryTest.class.getName());
    }
  }

  /** After many equal exceptions, Java leaves their stack traces out. */
  @Test
  void originOfAnExceptionWithoutStackTrace_isItsClass() {
    Exception bare = new NullPointerException();
    bare.setStackTrace(new StackTraceElement[0]);
    assertThat(OutOfMemory.origin(bare)).isEqualTo("java.lang.NullPointerException");
  }

  @Test
  void onlyPayarasLateCallOfABody_isNoDefect() {
    StackTraceElement body =
        new StackTraceElement(OutOfMemory.BODY_CALLS, "processCallbacks", "InputBuffer.java", 443);
    Exception late = new NullPointerException();
    late.setStackTrace(new StackTraceElement[] {body});
    assertThat(OutOfMemory.level(late)).isEqualTo(Level.FINE);
    Exception other = new IllegalStateException();
    other.setStackTrace(late.getStackTrace());
    assertThat(OutOfMemory.level(other)).isEqualTo(Level.SEVERE);
    assertThat(OutOfMemory.level(new NullPointerException())).isEqualTo(Level.SEVERE);
  }
}
