package ee.lmstudio.server.door;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {
  @ParameterizedTest
  @ValueSource(strings = {"/", "/a/b", "/a/../b", "/a/..", "/a/b/../../c", "/a/.../b", "//a"})
  void pathBelowTheRoot_isServable(String path) {
    assertThat(RequestPath.isServable(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "*", "/..", "/../a", "/a/../../b", "/a\\b", "/a\0b", "/./../a"})
  void pathThatLeadsOutOrIsNone_isNotServable(String path) {
    assertThat(RequestPath.isServable(path)).isFalse();
  }
}
